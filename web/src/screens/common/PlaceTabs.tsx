import { NavLink } from 'react-router'
import styles from './PlaceTabs.module.css'

type Props = { label: string; places: { to: string; title: string }[] }

/** The parts of one place, each with an address of its own; the first is the place itself. */
export function PlaceTabs({ label, places }: Props) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {places.map(({ to, title }, at) => (
        <NavLink key={to} to={to} end={at === 0} className={styles.tab ?? ''}>
          {title}
        </NavLink>
      ))}
    </nav>
  )
}
