import { useLingui } from '@lingui/react/macro'
import { Kbd, Modal, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useNavigate } from 'react-router'
import { useProjects } from '../../api/queries'
import { useMay } from '../../api/session'
import { useKeymap } from '../../kernel/useKeymap'
import styles from './Palette.module.css'

type Place = { to: string; title: string; group?: string }
type Props = { opened: boolean; open: () => void; close: () => void; places: Place[] }

/** Ctrl K: everything that has an address, by typing a part of its name. */
export function Palette({ opened, open, close, places }: Props) {
  const { t } = useLingui()
  useKeymap([
    { id: 'palette', keys: ['$mod+k'], title: t`Find anything`, group: t`Everywhere`, run: open, everywhere: true },
  ])
  if (!opened) return null
  return (
    <Modal
      opened={opened}
      onClose={close}
      withCloseButton={false}
      padding={0}
      size="lg"
      yOffset="12vh"
      attributes={{ content: { 'aria-label': t`Find anything` } }}
    >
      <Finder places={places} close={close} />
    </Modal>
  )
}

function Finder({ places, close }: Pick<Props, 'places' | 'close'>) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const list = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const found = useEverything(places).filter(({ title }) => matches(title, typed))
  const go = (to: string | undefined) => {
    if (!to) return
    close()
    void navigate(to)
  }
  const step = (by: number) => setAt((at + by + found.length) % Math.max(found.length, 1))
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        px="md"
        leftSection={<IconSearch size={18} />}
        placeholder={t`Project, page, action …`}
        aria-label={t`Find anything`}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={found[at] ? `${list}-${at}` : undefined}
        rightSection={<Kbd size="xs">Esc</Kbd>}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') step(1)
          else if (event.key === 'ArrowUp') step(-1)
          else if (event.key === 'Enter') go(found[at]?.to)
          else return
          event.preventDefault()
        }}
      />
      <ScrollArea.Autosize mah="50vh" className={styles.list}>
        <div role="listbox" id={list} aria-label={t`Found`}>
          {found.map(({ to, title, group }, place) => (
            <UnstyledButton
              key={to}
              id={`${list}-${place}`}
              role="option"
              tabIndex={-1}
              aria-selected={place === at}
              className={styles.option}
              onClick={() => go(to)}
              onMouseMove={() => setAt(place)}
            >
              <span>{title}</span>
              <span className="quiet">{group}</span>
            </UnstyledButton>
          ))}
        </div>
        {!found.length && (
          <Text p="md" className="quiet">
            {t`Nothing has “${typed}” in its name.`}
          </Text>
        )}
      </ScrollArea.Autosize>
    </>
  )
}

const matches = (title: string, typed: string) => {
  const where = title.toLocaleLowerCase()
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((part) => where.includes(part))
}

function useEverything(places: Place[]): Place[] {
  const { t } = useLingui()
  const projects = useProjects().items
  const manage = useMay('work.manage')
  const label = useMay('tasks.label')
  const review = useMay('tasks.review')
  const ofProjects = projects.flatMap(({ id, name }) => [
    { to: `/projects/${id}`, title: name, group: t`Project` },
    ...(label ? [{ to: `/label/${id}`, title: t`Label: ${name}`, group: t`Work` }] : []),
    ...(review ? [{ to: `/review/${id}`, title: t`Review: ${name}`, group: t`Work` }] : []),
    { to: `/projects/${id}/tasks`, title: t`Tasks: ${name}`, group: t`Project` },
    { to: `/projects/${id}/quality`, title: t`Certificate: ${name}`, group: t`Project` },
    { to: `/projects/${id}/deliveries`, title: t`Export: ${name}`, group: t`Project` },
  ])
  return [
    ...places.map((place) => ({ ...place, group: t`Page` })),
    ...(manage ? [{ to: '/projects/new', title: t`New project`, group: t`Action` }] : []),
    ...ofProjects,
  ]
}
