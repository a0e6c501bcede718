/** Of which thresholds the numbers are: of what is typed, of what was typed before, of none, or asking failed. */
export type TrialState = 'none' | 'of_these' | 'of_others' | 'failed'

/**
 * @param wanted the settings as typed, as text; null: they are no settings
 * @param asked those that the server was last asked about
 * @param hasAnswer whether it answered about those, and not about ones before
 */
export function trialStateOf(
  wanted: string | null,
  asked: string | null,
  { isError, hasAnswer }: { readonly isError: boolean; readonly hasAnswer: boolean },
): TrialState {
  if (wanted === null) return 'none'
  if (wanted !== asked) return 'of_others'
  if (isError) return 'failed'
  return hasAnswer ? 'of_these' : 'of_others'
}
