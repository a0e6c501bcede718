import type { Permission } from '../../contracts/permissions.ts'
import { hasPage } from './desk-paths.ts'

/** The desk's pages in the order of a shift: what is now, what is to do, what is planned, what is set. */
export const deskEntries = [
  { path: '/', name: 'fleet', permission: 'desk.see' },
  { path: '/alarms', name: 'alarms', permission: 'desk.see' },
  { path: '/trips', name: 'trips', permission: 'desk.see' },
  { path: '/work', name: 'work', permission: 'desk.see' },
  { path: '/appeals', name: 'appeals', permission: 'appeal.see' },
  { path: '/night', name: 'night', permission: 'desk.see' },
  { path: '/reports', name: 'reports', permission: 'desk.see' },
  { path: '/places', name: 'places', permission: 'desk.see' },
  { path: '/numbers', name: 'numbers', permission: 'numbers.see' },
  { path: '/locks', name: 'locks', permission: 'lock.revoke' },
  { path: '/people', name: 'people', permission: 'people.see' },
  { path: '/audit', name: 'audit', permission: 'audit.see' },
  { path: '/demo', name: 'demo', permission: 'demo.steer', onlyDemo: true },
] as const satisfies ReadonlyArray<{
  readonly path: string
  readonly name: string
  readonly permission: Permission
  readonly onlyDemo?: true
}>
export type DeskEntry = (typeof deskEntries)[number]

/** What this person's rail shows: pages that there are, that the role may see, and the demo's only in a demo. */
export function entriesFor(
  paths: readonly string[],
  may: (permission: Permission) => boolean,
  isDemo: boolean,
): readonly DeskEntry[] {
  return deskEntries.filter(
    (entry) => hasPage(paths, entry.path) && may(entry.permission) && (!('onlyDemo' in entry) || isDemo),
  )
}

/** Whether an address lies under an entry: a bike's page belongs to the live map. */
export function isUnder(entry: Pick<DeskEntry, 'path'>, location: string): boolean {
  if (entry.path === '/') return location === '/' || location.startsWith('/bikes')
  return location === entry.path || location.startsWith(`${entry.path}/`)
}
