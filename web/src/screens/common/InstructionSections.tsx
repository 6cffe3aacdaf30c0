import { Trans } from '@lingui/react/macro'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { LabelClass, ShownExample, ShownSection } from '../../api/types'
import { ClassMark } from './ClassMark'
import { Example } from './Example'
import { Instructions } from './Instructions'
import styles from './Instructions.module.css'

type Props = {
  text: string
  sections: readonly ShownSection[]
  classes: readonly LabelClass[]
  /** The class in hand: its section comes into view. */
  about?: string | null
  level?: 2 | 3
}

/** Instructions whole: what holds for everything, then section by section with examples. */
export function InstructionSections({ text, sections, classes, about = null, level = 3 }: Props) {
  return (
    <>
      {text.trim() && <Instructions text={text} level={level} />}
      {sections.map((section, place) => (
        <Part
          // biome-ignore lint/suspicious/noArrayIndexKey: what is shown of a version never changes its order
          key={place}
          section={section}
          classes={classes}
          isInHand={about !== null && section.label_class === about}
          level={level}
        />
      ))}
    </>
  )
}

type PartProps = { section: ShownSection; classes: readonly LabelClass[]; isInHand: boolean; level: 2 | 3 }

function Part({ section, classes, isInHand, level }: PartProps) {
  const element = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isInHand) element.current?.scrollIntoView?.({ block: 'nearest' })
  }, [isInHand])
  const { title, label_class, text, good, bad } = section
  const Heading = `h${level}` as const
  return (
    <section ref={element} className={styles.section} data-about={isInHand || undefined}>
      <Heading className={styles.heading}>
        {label_class !== null && <ClassMark name={label_class} classes={classes} />}
        {title && <span dir="auto">{title}</span>}
      </Heading>
      {text && <Instructions text={text} level={level} />}
      <Examples side="good" examples={good} />
      <Examples side="bad" examples={bad} />
    </section>
  )
}

function Examples({ side, examples }: { side: 'good' | 'bad'; examples: readonly ShownExample[] }) {
  if (!examples.length) return null
  return (
    <>
      <p className={styles.side} data-side={side}>
        {side === 'good' ? (
          <>
            <IconCheck size={14} aria-hidden /> <Trans>Like this</Trans>
          </>
        ) : (
          <>
            <IconX size={14} aria-hidden /> <Trans>Not like this</Trans>
          </>
        )}
      </p>
      <ul className={styles.examples} data-alone={examples.length === 1 || undefined}>
        {examples.map((each) => (
          <Example key={each.asset.id} example={each} side={side} />
        ))}
      </ul>
    </>
  )
}
