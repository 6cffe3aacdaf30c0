import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Text, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconEye, IconEyeOff, IconLock, IconLockOpen } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { LabelClass } from '../../../api/types'
import type { ObjectPayload } from '../../../modalities/objects/types'
import { ClassMark } from '../../common/ClassMark'
import styles from './Objects.module.css'
import type { Objects } from './useObjects'

const ROW_PX = 30

/** Every object by name and size, to be selected, hidden and locked. */
export function ObjectList({ objects, session, document, classes }: Objects & { classes: readonly LabelClass[] }) {
  const { t } = useLingui()
  const scroller = useRef<HTMLDivElement>(null)
  const all = Object.values(document)
  const faulty = new Map(objects.faults().map(({ id, fault }) => [id, fault.message]))
  const rows = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
  })
  const [first] = session.selection
  const place = all.findIndex(({ id }) => id === first)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new virtualizer is no reason to scroll
  useEffect(() => {
    if (place >= 0) rows.scrollToIndex(place)
  }, [place])
  const count = all.length
  return (
    <section className={styles.section} aria-label={t`Objects`}>
      <Text size="xs" fw={600} className="quiet" px="xs">
        <Plural value={count} _0="No objects" one="# object" other="# objects" />
      </Text>
      {!count && (
        <Text size="xs" className="quiet" px="xs">
          <Trans>Drag on the image to draw a box, or press N to draw by keyboard.</Trans>
        </Text>
      )}
      <div ref={scroller} className={styles.list}>
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const { id, payload } = all[index] as (typeof all)[number]
            const object = payload as ObjectPayload
            const number = index + 1
            const title = classes.find(({ name }) => name === object.label_class)?.title || object.label_class
            const isSelected = session.selection.includes(id)
            const isHidden = session.hidden.has(id)
            const isLocked = session.locked.has(id)
            const fault = faulty.get(id)
            const size = objects.editor.size(object)
            return (
              <div key={id} className={styles.row} data-selected={isSelected || undefined} style={{ top: start }}>
                <UnstyledButton
                  className={styles.object}
                  aria-pressed={isSelected}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={({ shiftKey, ctrlKey, metaKey }) => {
                    if (!shiftKey && !ctrlKey && !metaKey) objects.select([id])
                    else
                      objects.select(
                        isSelected ? session.selection.filter((each) => each !== id) : [...session.selection, id],
                      )
                  }}
                >
                  <Text span size="xs" className="quiet" miw={16} ta="end">
                    {number}
                  </Text>
                  <ClassMark name={object.label_class} classes={classes} />
                  {fault && <IconAlertTriangle size={14} className={styles.warn} aria-hidden />}
                  {fault && <span className="visually-hidden">{fault}</span>}
                  <Text span size="xs" className={`quiet ${styles.size ?? ''}`}>
                    {size}
                  </Text>
                </UnstyledButton>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={26}
                  aria-label={isHidden ? t`Show ${title} ${number}` : t`Hide ${title} ${number}`}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => objects.hide([id])}
                >
                  {isHidden ? <IconEyeOff size={15} /> : <IconEye size={15} />}
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={26}
                  aria-label={isLocked ? t`Unlock ${title} ${number}` : t`Lock ${title} ${number}`}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => objects.lock([id])}
                >
                  {isLocked ? <IconLock size={15} /> : <IconLockOpen size={15} />}
                </ActionIcon>
              </div>
            )
          })}
        </div>
      </div>
    </section>
  )
}
