import { stepAuthorisation } from './authorisation-machine.ts'
import { moneyMoves, scaledWaitMs } from './method-context.ts'
import { fundAuthNotification } from './notifications.ts'
import type { Change, NewId, Operation, Order, SandboxState } from './records.ts'

export type PayerAction = 'approve' | 'decline' | 'expire'

export type PayerResult =
  | { readonly ok: true; readonly order: Order; readonly change?: Change }
  | { readonly ok: false; readonly code: 'ORDER_IS_SETTLED'; readonly order: Order }

/**
 * What the payer's answer on the payer page does. Approving again after approving, or declining after declining,
 * changes nothing and is fine (a double tap); any other late answer is refused with ORDER_IS_SETTLED.
 */
export function answerPayer(
  state: SandboxState,
  order: Order,
  action: PayerAction,
  nowMs: number,
  newId: NewId,
): PayerResult {
  if (order.authorisation.kind !== 'INIT') {
    return isSameAnswer(order, action) ? { ok: true, order } : { ok: false, code: 'ORDER_IS_SETTLED', order }
  }
  const result = stepAuthorisation(
    order.authorisation,
    action === 'approve'
      ? { kind: 'approve', releaseAtMs: nowMs + scaledWaitMs(state, state.rules.authorisedForMs) }
      : { kind: action === 'decline' ? 'decline' : 'lapse' },
  )
  if (!result.ok) return { ok: false, code: 'ORDER_IS_SETTLED', order }
  const next = withFreezeStatus(
    { ...order, authorisation: result.next },
    action === 'approve' ? 'SUCCESS' : 'CLOSED',
    // One that expires says the end of its time, whoever made that time pass: by a button, or by the time scale.
    action === 'expire' ? wholeTimeEndsMs(state, order, order.authorisation.approveByMs) : nowMs,
  )
  const freeze = next.operations.find((operation) => operation.type === 'FREEZE')
  return {
    ok: true,
    order: next,
    change: {
      orders: [next],
      moves: moneyMoves(result.moved, next, { refNo: freeze?.outRequestNo ?? '' }, nowMs, newId),
      // A declined or expired freeze is not notified: `fund_auth_freeze.closed` is off by default at Alipay.
      notifications:
        action === 'approve' && freeze !== undefined
          ? fundAuthNotification('fund_auth_freeze', next, freeze, nowMs, newId)
          : [],
    },
  }
}

const wholeTimeEndsMs = ({ rules }: SandboxState, { createdMs }: Order, approveByMs: number): number =>
  createdMs + (approveByMs - createdMs) * Math.max(1, rules.timeScale)

/** The order with its FREEZE operation ended. */
export function withFreezeStatus(order: Order, status: Operation['status'], nowMs: number): Order {
  return {
    ...order,
    operations: order.operations.map((operation) =>
      operation.type === 'FREEZE' ? { ...operation, status, doneMs: operation.doneMs ?? nowMs } : operation,
    ),
  }
}

function isSameAnswer(order: Order, action: PayerAction): boolean {
  const { authorisation } = order
  switch (action) {
    case 'approve':
      return authorisation.kind === 'AUTHORIZED'
    case 'decline':
      return authorisation.kind === 'CLOSED' && authorisation.reason === 'declined'
    case 'expire':
      return authorisation.kind === 'CLOSED' && authorisation.reason === 'expired'
  }
}
