import { useLingui } from '@lingui/react/macro'
import { Kbd, Switch, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { LabelClass } from '../../api/types'
import styles from './ClassPanel.module.css'

type Props = {
  classes: readonly LabelClass[]
  chosen: string | null
  disabled: boolean
  choose: (name: string) => void
  atOnce?: boolean
  setAtOnce?: (atOnce: boolean) => void
}

/** More classes than this are searched rather than looked through. */
const MANY = 12

const isShort = ({ name, title }: LabelClass) => [...(title || name)].length <= 3

/** The classes to choose from; each shows its key. */
export function ClassPanel({ classes, chosen, disabled, choose, atOnce, setAtOnce }: Props) {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const wanted = typed.toLocaleLowerCase()
  const shown = classes.filter(({ name, title }) => `${name} ${title ?? ''}`.toLocaleLowerCase().includes(wanted))
  return (
    <section className={styles.panel} aria-label={t`Classes`}>
      {classes.length > MANY && (
        <TextInput
          size="xs"
          aria-label={t`Search the classes`}
          placeholder={t`Search`}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = shown
            if (event.key !== 'Enter' || !first) return
            setTyped('')
            event.currentTarget.blur()
            choose(first.name)
          }}
        />
      )}
      <div className={styles.classes} data-short={classes.every(isShort) || undefined}>
        {shown.map((each) => (
          <UnstyledButton
            key={each.name}
            className={styles.class}
            aria-pressed={each.name === chosen}
            aria-keyshortcuts={each.hotkey ?? undefined}
            title={each.description || undefined}
            disabled={disabled}
            // Focus stays where it was, so that Enter still hands in.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(each.name)}
          >
            <span className={styles.mark} style={{ background: each.color ?? undefined }} aria-hidden />
            <span className={styles.name} dir="auto">
              {each.title || each.name}
            </span>
            {each.hotkey && (
              <Kbd size="sm" className={styles.key} aria-hidden>
                {each.hotkey.toUpperCase()}
              </Kbd>
            )}
          </UnstyledButton>
        ))}
        {!shown.length && (
          <Text size="sm" className="quiet">
            {t`No class has “${typed}” in its name.`}
          </Text>
        )}
      </div>
      {setAtOnce && (
        <Switch
          className={styles.preference}
          size="xs"
          label={t`A key hands in at once`}
          checked={atOnce ?? false}
          onChange={({ currentTarget }) => setAtOnce(currentTarget.checked)}
        />
      )}
    </section>
  )
}
