import { useDocumentTitle } from '@mantine/hooks'

/** The tab says where one is, the narrowest first. */
export function useTitle(...parts: (string | undefined)[]): void {
  useDocumentTitle([...parts.filter(Boolean), 'Karat'].join(' · '))
}
