import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import type { useText } from '../../../ui-kit/i18n/text.ts'

type Spoken = Pick<ReturnType<typeof useText>, 't' | 'ofCode'>

/** What is wrong and what to do, in the person's language; the server's own words where only it knows. */
export function problemSentence({ t, ofCode }: Spoken, problem: ZoneProblem): string {
  const { code, sentence, ring, vertex, other } = problem
  if (code === 'property' || code === 'not_geojson' || code === 'ring_open' || code === 'unknown_zone') return sentence
  const said = ofCode(`zones.problem.${code}`, 'zones.problem', { other: other ?? '' })
  if (ring === null || vertex === null) return said
  const where =
    ring === 0 ? t('zones.at_corner', { corner: vertex + 1 }) : t('zones.at_hole', { corner: vertex + 1, hole: ring })
  return `${where}: ${said}`
}
