/**
 * What open desks are told at once, as JSON text beside the binary frames of /v1/staff/live: what has changed, never the
 * whole of it. A page asks the API for what it shows. No schema library here: browsers load this.
 */
export type DeskEvent =
  | { readonly kind: 'alarm'; readonly alarmId: string; readonly bikeId: string; readonly state: string }
  | {
      readonly kind: 'command'
      readonly commandId: string
      readonly bikeId: string
      readonly state: string
    }
  | { readonly kind: 'task'; readonly taskId: string; readonly bikeId: string | null; readonly state: string }
  | { readonly kind: 'report'; readonly reportId: string; readonly bikeId: string }
  | { readonly kind: 'trip'; readonly tripId: string; readonly bikeId: string; readonly state: string }
  | { readonly kind: 'appeal'; readonly appealId: string; readonly tripId: string; readonly state: string }
  /** Its service, its notes, or who keeps it. */
  | { readonly kind: 'bike'; readonly bikeId: string }
  | { readonly kind: 'zones' }
  /** Something may have been missed, after a lost line or a jam: ask again for all that is shown. */
  | { readonly kind: 'again' }
