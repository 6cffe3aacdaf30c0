import { useLingui } from '@lingui/react/macro'
import type { Role, Scope } from '../../api/types'

/** What a role is called, and what whoever has it may do. */
export function useRoles(): Record<Role, { title: string; may: string }> {
  const { t } = useLingui()
  return {
    owner: { title: t`Owner`, may: t`May do everything, and alone may make other owners and admins.` },
    admin: { title: t`Admin`, may: t`May do everything but make or change owners and admins.` },
    manager: {
      title: t`Manager`,
      may: t`Makes data and projects, sees quality, exports, and invites reviewers and annotators.`,
    },
    reviewer: { title: t`Reviewer`, may: t`Labels, decides what is in dispute, and sees quality.` },
    annotator: { title: t`Annotator`, may: t`Labels, and sees the projects that are labelled.` },
    auditor: { title: t`Auditor`, may: t`Sees everything, audit included, and exports; changes nothing.` },
    service: { title: t`Service`, may: t`A program: makes data and projects, labels, exports. It sees no people.` },
  }
}

export type KeyScope = Exclude<Scope, 'enrol'>

/** How much of its role a key may use. */
export function useScopes(): Record<KeyScope, { title: string; may: string }> {
  const { t } = useLingui()
  return {
    read: { title: t`Read`, may: t`Sees and exports what the role may see.` },
    label: { title: t`Label`, may: t`Takes tasks, labels and reviews.` },
    manage: { title: t`Manage work`, may: t`Everything but people, keys and the organisation.` },
    full: { title: t`Full`, may: t`All that the role may do.` },
  }
}
