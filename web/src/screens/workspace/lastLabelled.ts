const KEPT_AS = 'karat-last-labelled'

/** The project that this browser last worked on. */
export const lastLabelled = (): string | null => localStorage.getItem(KEPT_AS)

export const rememberLabelled = (project: string): void => localStorage.setItem(KEPT_AS, project)
