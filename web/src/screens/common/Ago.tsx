import { Tooltip } from '@mantine/core'
import { useFormat } from '../../i18n/format'

/** A moment, relative; the exact one on hover. */
export function Ago({ at }: { at: string }) {
  const format = useFormat()
  return (
    <Tooltip label={format.exact(at)}>
      <time dateTime={at}>{format.ago(at)}</time>
    </Tooltip>
  )
}
