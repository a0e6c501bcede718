import { Type } from 'typebox'

/**
 * Every expected no: its HTTP status and an English sentence that says what to do. UIs translate by the code itself
 * (text key `refusal.<code>`). Codes are added, never re-used.
 */
export const refusals = {
  bad_request: [400, 'The request does not fit: see `detail`.'],
  idempotency_key_missing: [400, 'Send an Idempotency-Key header, so that a repeated request costs nothing.'],
  idempotency_key_reused: [422, 'This Idempotency-Key was used for another request. Make a new one.'],
  log_in_first: [401, 'You are not logged in. Log in, and this goes on.'],
  session_ended: [401, 'Your session has ended. Log in again.'],
  not_allowed: [403, 'Your account may not do this. Ask somebody whose account may.'],
  cross_site: [403, 'This request came from another site. Open our own page and try again there.'],
  not_found: [404, 'There is nothing here. Check the address, or go back and choose again.'],
  too_many_requests: [429, 'Too many requests. Wait a little and try again.'],
  code_wrong: [422, 'That code is wrong. Look at the newest message.'],
  code_expired: [422, 'That code is no longer valid. Ask for a new one.'],
  link_used: [410, 'This link was used or has expired. Ask for a new one.'],
  log_in_wrong: [422, 'The log-in name or the password is wrong. Try again, or ask an admin for a one-time link.'],
  log_in_locked: [429, 'Too many wrong tries. Wait 15 minutes, or ask an admin for a one-time link.'],
  second_factor_asked: [
    422,
    'One step is left. Type the code that your authenticator app shows now, or a recovery code.',
  ],
  second_factor_wrong: [422, 'That code is wrong or was used. Wait for the next one and try again.'],
  second_factor_needed: [403, 'Your role needs a second factor. Set one up on your account page.'],
  second_factor_over: [409, 'That took too long. Begin again with a new picture.'],
  password_wrong: [422, 'Your password is wrong. Try again.'],
  password_short: [422, 'Choose a longer password: at least 12 characters.'],
  password_common: [422, 'Many people use this password. Choose another one: a few words that nobody would expect.'],
  password_own_name: [422, 'Your own name is easily guessed. Choose another password.'],
  log_in_name_taken: [409, 'Somebody has this log-in name. Choose another one.'],
  log_in_name_wrong: [422, 'A log-in name has 2 to 100 small letters, figures and . _ - + @, as in an e-mail address.'],
  last_admin: [409, 'This is the last admin. Make somebody else an admin first.'],
  own_account: [409, 'You cannot change your own role or switch yourself off. Ask another admin.'],
  person_off: [409, 'This colleague is switched off. Switch on first.'],
  bike_unknown: [404, 'No bike has this number. Check it on the bike.'],
  bike_in_use: [409, 'Somebody else has this bike. Please take another one.'],
  bike_out_of_service: [409, 'This bike is out of service. Please take another one.'],
  bike_battery_low: [409, "This bike's lock battery is too low. Please take another one."],
  bike_silent: [409, 'This bike has no connection now. Please take another one.'],
  bike_not_locked: [409, 'This bike is not locked. Please take another one and tell us.'],
  rider_has_trip: [409, 'You already have a ride. End it first.'],
  rider_in_debt: [402, 'An earlier ride is unpaid. Pay it first.'],
  rider_blocked: [403, 'Your account is blocked. Contact us.'],
  promise_missing: [402, 'No payment was promised for this ride. Choose how to pay, then unlock.'],
  promise_not_held: [409, 'Your payment is not confirmed yet. Finish it in your payment app, then try again.'],
  promise_open: [409, 'You already have an open payment promise. Go on with it, or release it under Account.'],
  payment_declined: [402, 'The payment was declined. Nothing was charged. Try another way to pay.'],
  payment_unavailable: [
    503,
    'Payment is not available at the moment. Nothing was charged: try again in a few minutes.',
  ],
  trip_wrong_state: [
    409,
    'This ride is not in a state where that is possible. Look at it again: it may have moved on.',
  ],
  trip_lock_silent: [409, 'The lock has not been heard for a while. We asked it: try again in a few seconds.'],
  trip_bike_open: [409, 'The lock is still open. Push the lever until it clicks.'],
  bike_being_moved: [409, 'A crew is moving this bike. Please take another one.'],
  bike_reserved: [409, 'Somebody has reserved this bike. Please take another one.'],
  reservation_open: [409, 'You have reserved a bike already. Take it, or cancel that first.'],
  reservation_wait: [409, 'You had reserved this bike and did not take it. Choose another one, or wait ten minutes.'],
  reservation_too_many: [409, 'You reserved too often without riding. You can still walk to a bike and take it.'],
  ring_too_often: [429, 'It has just rung. Wait ten seconds and try again.'],
  no_coverage_mac: [422, 'That was not the lock of your bike. Stand beside your bike and connect again.'],
  no_coverage_stale: [409, 'That connection to the lock is over. Connect again.'],
  no_coverage_open: [409, 'The lock says that it is open already. Look at it, and wait a moment.'],
  no_coverage_enough: [429, 'You tried too often with this bike. Please take another one.'],
  lock_busy: [409, 'The lock is busy with something else. Try again in a few seconds.'],
  route_taken: [409, 'Another crew has this route. Choose another one.'],
  route_not_yours: [409, 'You do not have this route. Open the list of routes and take one.'],
  route_ended: [409, 'This route has ended. Open the list of routes to take another one.'],
  route_too_early: [409, 'This route can be taken from one hour before its shift. Come back then.'],
  one_route_at_a_time: [409, 'You have a route already. End it or hand it over first.'],
  stop_unknown: [404, 'This route has no such stop. Load the route again.'],
  bike_with_crew: [409, 'Another crew has this bike. Leave it to them and go on.'],
  bike_in_van: [409, 'This bike is in the van already. Go on with the next one.'],
  bike_not_in_van: [409, 'This bike is not in your van. Scan the one that you hold.'],
  van_full: [409, 'The van is full. Put bikes down first.'],
  photo_wrong: [422, 'This picture cannot be kept: JPEG, PNG or WebP, up to 3 MB.'],
  plan_changed: [409, 'Somebody changed this plan meanwhile. Look at it again.'],
  plan_wrong_state: [
    409,
    'This plan is not in a state where that is possible. Look at it again: it may have moved on.',
  ],
  plan_running: [409, 'A plan is being made already. Wait until it is ready.'],
  zone_changed: [409, 'Somebody changed this zone meanwhile. Look at it again.'],
  zone_in_force: [409, 'This change holds already. Bring back an older version instead.'],
  service_area_needed: [409, 'The city needs a service area. Change it instead of removing it.'],
  night_settings_wrong: [422, 'These settings do not fit together. Change the fields that are marked.'],
  free_exit_over: [
    409,
    'A free exit is possible in the first three minutes only. Report the fault, or appeal after the ride.',
  ],
  command_id_used: [422, 'This id names another command. Make a new one.'],
  command_sent: [409, 'This command has left already: it cannot be taken back. Wait for the answer of the lock.'],
  commands_waiting: [409, 'Several commands wait for this lock already. Wait for them, or take them back.'],
  unlock_leaves_open: [422, 'The bike will then stand open without a ride. Confirm that, or leave it locked.'],
  lock_no_motor: [409, 'This lock has no motor that closes it. Send somebody to push its lever.'],
  lock_ends_ride: [422, 'Somebody has this bike, and the ride ends when it closes. Confirm that, or leave it open.'],
  bike_rolls: [409, 'This bike has not stood still long enough, by its own word. Ask the rider, or wait two minutes.'],
  settings_changed: [409, 'Somebody changed these settings meanwhile. Look at them again.'],
  lock_revoked: [409, "This lock's credential was revoked. Give it a new one first."],
  lock_id_taken: [409, 'A lock of this id exists already. Choose another prefix or first number.'],
  batch_differs: [409, 'There is another batch of this id. Choose another id, or repeat the same order.'],
  certificates_off: [409, 'This platform gives no certificates: set MQTTS_PORT, or choose passwords.'],
  credential_changed: [409, 'Somebody changed this credential meanwhile. Look at it again.'],
  bike_has_alarms: [409, 'An alarm keeps this bike from riders. Resolve it first, or together with this.'],
  bike_retired: [409, 'This bike was retired for good. Choose another one.'],
  note_not_yours: [403, 'Only the colleague who wrote this note may change it. Write another one.'],
  note_settled: [409, 'A note can be changed for ten minutes. Write another one.'],
  end_time_wrong: [422, 'A ride cannot end before it was last ridden, nor in the future. Choose a moment between.'],
  extension_wrong: [422, 'That time is out of range. Choose one between now and a week from now.'],
  nothing_taken: [409, 'No money was taken for this ride yet. Make it cheaper instead, or wait.'],
  refund_too_much: [409, 'That is more than was taken and not given back yet. Choose a smaller amount.'],
  price_not_lower: [409, 'This would not make the ride cheaper. A ride that was priced never becomes dearer.'],
  price_changed: [409, 'The price has changed meanwhile. Look at it again.'],
  no_debt: [409, 'Nothing is owed for this ride. There is nothing to pay.'],
  trip_trace_gone: [410, 'The way of this ride is no longer kept. Look at its start, end and timeline instead.'],
  alarm_changed: [409, 'A colleague was first. Look at it again.'],
  alarm_resolved: [409, 'This alarm is resolved. Open it again first.'],
  alarm_open_already: [409, 'A newer alarm of this kind is open for this bike. Handle that one.'],
  alarm_snooze_wrong: [422, 'That time is over. Choose one that is still to come.'],
  alarm_settings_wrong: [422, 'These thresholds do not fit together. Change the fields that are marked.'],
  task_changed: [409, 'A colleague was first. Look at it again.'],
  task_ended: [409, 'This task is over. Open it again first.'],
  report_open_already: [409, 'You have told us of this already. Thank you: we are looking at it.'],
  report_closed: [409, 'This report is closed. Open the bike to see what was done.'],
  photo_missing: [409, 'One of the pictures did not reach us. Take it out, or add it again.'],
  photos_enough: [429, 'You have sent many pictures today. Send this without a picture, or try again tomorrow.'],
  appeal_too_late: [409, 'A ride can be appealed until 14 days after its end. Contact us instead.'],
  appeal_nothing: [409, 'Nothing was taken for this, so there is nothing to give back. Choose what else it is about.'],
  appeal_open_already: [
    409,
    'You have appealed this ride already. Wait for our answer, or withdraw that appeal first.',
  ],
  appeal_enough: [409, 'This ride was appealed three times. Contact us if something is still wrong.'],
  appeal_text_needed: [422, 'Something is missing. Say in a few words what was wrong, and send it again.'],
  appeal_decided: [409, 'This appeal has its answer. Look at it again.'],
  appeal_amount_wrong: [422, 'That amount is out of range. Choose one above nothing and up to the disputed part.'],
  erasure_ride: [409, 'You have a ride. End it first, then delete your account.'],
  erasure_debt: [409, 'An earlier ride is unpaid. Pay it first, then delete your account.'],
  erasure_money: [
    409,
    'Money is still held or on its way. Release a held amount that you do not use, or wait until it has arrived; then try again.',
  ],
  erasure_appeal: [409, 'You have an appeal without an answer. Wait for it, or withdraw it; then delete your account.'],
  export_enough: [429, 'You can have three copies a day. Download the newest one, or try again tomorrow.'],
  export_not_ready: [409, 'This copy is not ready yet. Wait a moment and try again.'],
  export_gone: [410, 'This copy was deleted after a day. Ask for a new one.'],
  server_fault: [500, 'Something broke on our side. Nothing was lost; try again.'],
  shutting_down: [503, 'We are restarting. Try again in a moment.'],
} as const satisfies Record<string, readonly [status: number, sentence: string]>

export type RefusalCode = keyof typeof refusals

/** An expected no, as a value. `detail` is for people and holds no secret. */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: RefusalCode
  readonly detail?: string
}

export const refuse = (code: RefusalCode, detail?: string): Refusal =>
  detail === undefined ? { kind: 'refusal', code } : { kind: 'refusal', code, detail }

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refusal'

/** RFC 9457 problem details, `application/problem+json`. `code` is the text key. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  requestId: Type.Optional(Type.String()),
})
export type Problem = Type.Static<typeof Problem>

export function problemOf(refusal: Refusal, requestId?: string): Problem {
  const [status, title] = refusals[refusal.code]
  return {
    type: `urn:zwerm:refusal:${refusal.code}`,
    title,
    status,
    code: refusal.code,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
