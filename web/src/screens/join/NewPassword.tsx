import { useLingui } from '@lingui/react/macro'
import { PasswordInput } from '@mantine/core'
import { Problem } from '../../api/client'

type Props = {
  value: string
  onChange: (value: string) => void
  /** Whose it is, for the browser's own keeper of passwords. */
  account: string
  label?: string
  /** The last refusal: what it says of the password stands below the field. */
  cause: unknown
}

/** A password to be set; what the server has against it stands below. */
export function NewPassword({ value, onChange, account, label, cause }: Props) {
  const { t } = useLingui()
  const isRefused = cause instanceof Problem && cause.code === 'password.refused'
  const said = isRefused ? cause.faults.map((fault) => [fault.message, fault.hint].filter(Boolean).join(' ')) : []
  return (
    <>
      <input type="text" autoComplete="username" value={account} readOnly hidden />
      <PasswordInput
        label={label ?? t`Password`}
        description={t`At least 12 characters. A few words in a row are easier to keep in mind than signs.`}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        autoComplete="new-password"
        error={said.length ? said.join(' ') : undefined}
        visibilityToggleButtonProps={{ 'aria-label': t`Show or hide the password` }}
      />
    </>
  )
}

/** What is left to say of a refusal when the field has said its part. */
export const besidesPassword = (cause: unknown): unknown =>
  cause instanceof Problem && cause.code === 'password.refused' && cause.faults.length ? null : cause
