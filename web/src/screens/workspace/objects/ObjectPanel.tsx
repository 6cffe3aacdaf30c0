import { Plural, useLingui } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { LabelClass } from '../../../api/types'
import type { ObjectPayload } from '../../../modalities/objects/types'
import { ClassPanel } from '../ClassPanel'
import { AttributePanel } from './AttributePanel'
import { ObjectList } from './ObjectList'
import styles from './Objects.module.css'
import type { Objects } from './useObjects'

type Props = {
  work: Objects
  classes: readonly LabelClass[]
  disabled: boolean
  others: ReactNode
  othersTitle: string
}
type Tab = 'classes' | 'objects' | 'others'

/** Classes, what others propose, objects and their attributes; where there is little room, one after another. */
export function ObjectPanel({ work, classes, disabled, others, othersTitle }: Props) {
  const { t } = useLingui()
  const [tab, setTab] = useState<Tab>('classes')
  const { objects, session, document } = work
  const payloads = session.selection.flatMap((id) => (document[id]?.payload as ObjectPayload | undefined) ?? [])
  const said = new Set(payloads.map(({ label_class }) => label_class))
  const chosen = said.size === 1 ? [...said][0] : said.size ? null : session.labelClass
  const count = Object.keys(document).length
  const tabs: { id: Tab; title: ReactNode }[] = [
    { id: 'classes', title: t`Classes` },
    { id: 'objects', title: <Plural value={count} one="# object" other="# objects" /> },
    ...(others ? [{ id: 'others' as const, title: othersTitle }] : []),
  ]
  return (
    <>
      <div className={styles.tabs} role="tablist" aria-label={t`Parts of the panel`}>
        {tabs.map(({ id, title }) => (
          <UnstyledButton
            key={id}
            role="tab"
            aria-selected={tab === id}
            className={styles.tab}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => setTab(id)}
          >
            {title}
          </UnstyledButton>
        ))}
      </div>
      <div className={styles.parts} data-tab={tab}>
        <div className={styles.classes}>
          <ClassPanel
            classes={classes}
            chosen={chosen ?? null}
            disabled={disabled}
            choose={(name) => objects.setClass(name)}
          />
        </div>
        {others && <div className={styles.others}>{others}</div>}
        <div className={styles.objects}>
          <ObjectList {...work} classes={classes} />
          <AttributePanel {...work} />
        </div>
      </div>
    </>
  )
}
