import type { Fault } from '../../api/types'

/** A fault that was found here, at the path that the server would name. */
export const fault = (where: string, code: string, message: string): Fault => ({ code, message, where, hint: null })

/** What is said of the field at this path, with what to do about it. */
export function faultAt(faults: readonly Fault[], where: string): string | undefined {
  const found = faults.find((each) => each.where === where)
  return found && (found.hint ? `${found.message} ${found.hint}` : found.message)
}

/** The faults of a part and of all that it holds. */
export const faultsOf = (faults: readonly Fault[], part: string): Fault[] =>
  faults.filter(({ where }) => where === part || where.startsWith(`${part}.`))

/** A field that nobody has come to yet is not at fault; it is as soon as one wants to go on. */
export const isOmission = ({ code }: Fault): boolean => /\.(empty|missing|nameless|too_few)$/.test(code)

/** Where the server found a fault, as paths of the body that was sent. */
export const inBody = (faults: readonly Fault[]): Fault[] =>
  faults.map((each) => ({ ...each, where: each.where.replace(/^body\./, '') }))
