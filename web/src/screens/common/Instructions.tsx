import { Fragment, type ReactNode } from 'react'
import styles from './Instructions.module.css'

/** Instructions: headings, lists and bold of light markdown. Everything else, markup included, is shown as it was typed. */
export function Instructions({ text, level = 3 }: { text: string; level?: 2 | 3 }) {
  return (
    <div className={styles.instructions} dir="auto">
      {blocks(text, level).map((block) => (
        <Fragment key={block.key}>{block.node}</Fragment>
      ))}
    </div>
  )
}

function blocks(text: string, level: 2 | 3): { key: number; node: ReactNode }[] {
  return text
    .split(/\r?\n\s*\r?\n|(?=^#{1,3} )|(?<=^#{1,3} .*)\r?\n/m)
    .map((block) => block.trim())
    .filter(Boolean)
    .map((block, key) => ({ key, node: blockNode(block, level) }))
}

function blockNode(block: string, level: 2 | 3): ReactNode {
  const heading = /^#{1,3} (.*)$/.exec(block)
  const Heading = `h${level}` as const
  if (heading) return <Heading>{inline(heading[1] ?? '')}</Heading>
  const lines = block.split(/\r?\n/)
  if (lines.every((line) => /^\s*[-*] /.test(line))) {
    return (
      <ul>
        {lines.map((line) => (
          <li key={line}>{inline(line.replace(/^\s*[-*] /, ''))}</li>
        ))}
      </ul>
    )
  }
  return <p>{inline(block)}</p>
}

function inline(text: string): ReactNode[] {
  return text.split(/\*\*(.+?)\*\*/).map((part, place) => {
    const key = `${place}${part}`
    return place % 2 ? <strong key={key}>{part}</strong> : <Fragment key={key}>{part}</Fragment>
  })
}
