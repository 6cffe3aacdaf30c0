import { NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'

type Props = Omit<NumberInputProps, 'value' | 'onChange' | 'min' | 'max'> & {
  value: number | null
  change: (value: number | null) => void
  /** How many of what is kept make one of what is shown: 100 for minor units of the euro, 0.01 for percent. */
  per?: number
  /** Limits of the little arrows alone: what is typed stays as it was typed, so that its fault can be told. */
  least?: number
  most?: number
}

/** A number that may be wrong or missing while it is being written. Whole where `decimalScale` says nothing else. */
export function NumberField({ value, change, per = 1, least, most, decimalScale = 0, ...rest }: Props) {
  const [typed, setTyped] = useState<number | string>(() => shownOf(value, per))
  // What was typed last is shown as it was typed, such as a lone minus; anything else came from elsewhere.
  const text = readOf(typed, per) === value ? typed : shownOf(value, per)
  return (
    <NumberInput
      clampBehavior="none"
      decimalScale={decimalScale}
      min={least}
      max={most}
      value={text}
      onChange={(next) => {
        const read = typeof next === 'bigint' ? Number(next) : next
        setTyped(read)
        change(readOf(read, per))
      }}
      {...rest}
    />
  )
}

/** A share, written in percent. */
export function PercentField(props: Omit<Props, 'per' | 'suffix'>) {
  return <NumberField suffix=" %" decimalScale={2} per={0.01} {...props} />
}

/** Without the dirt of binary fractions: 99.9 percent are 0.999. */
const clean = (value: number) => Number(value.toPrecision(12))

function readOf(typed: number | string, per: number): number | null {
  const number = typeof typed === 'number' ? typed : typed.trim() === '' ? Number.NaN : Number(typed)
  return Number.isFinite(number) ? clean(number * per) : null
}

const shownOf = (value: number | null, per: number): number | string => (value === null ? '' : clean(value / per))
