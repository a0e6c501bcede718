/**
 * One step of a state machine: a plain function of values. Total (defined for every state and event) and never throws.
 * `effects` is what the shell must now do; it is saved in the same transaction as the state and performed at least once.
 */
export interface Step<State, Effect> {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** The same state, nothing to do: how a machine ignores what does not concern it or has already happened. */
export const unchanged = <State, Effect = never>(state: State): Step<State, Effect> => ({ state, effects: [] })
