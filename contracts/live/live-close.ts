/** How /v1/staff/live is closed by the server (RFC 6455, 7.4); the reason is in words beside it. */
export const closeCodes = {
  /** The server stops: come back. */
  goingAway: 1_001,
  /** What was said is no view, or too much was said. */
  notUnderstood: 1_008,
  /** As many read as may: come back later. */
  full: 1_013,
  /** The session has ended or may not see the desk any more. */
  sessionEnded: 4_401,
} as const
