import type { NightSettings } from '../../contracts/http/nights.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { hotspotsAt } from '../city/zones-at.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import { settingsProblems } from './core/check-night-settings.ts'
import { defaultDepot, defaultNightSettings } from './core/default-night-settings.ts'

/** What staff have said of their nights; until then what any city may begin with. */
export interface NightSettingsStore {
  read(): Promise<NightSettings>
  /** Holds from the next plan on. */
  write(settings: NightSettings, staffId: string): Promise<NightSettings | Refusal>
}

export interface NightSettingsDeps {
  readonly db: Database
  readonly clock: Clock
  /** Where the depot is put when the city has no hotspot yet. */
  readonly centre: { readonly lon: number; readonly lat: number }
  readonly isDemo: boolean
}

export function createNightSettings({ db, clock, centre, isDemo }: NightSettingsDeps): NightSettingsStore {
  return {
    read: async () => {
      const { rows } = await db.query<{ body: NightSettings }>('SELECT body FROM night_settings WHERE only_row')
      if (rows[0]) return rows[0].body
      const depot = defaultDepot(await hotspotsAt(db, clock.nowMs()), centre)
      return { ...defaultNightSettings(depot), publishBySelf: isDemo }
    },
    write: async (settings, staffId) => {
      const problems = settingsProblems(settings)
      if (problems.length > 0) return refuse('night_settings_wrong', problems.join(' '))
      await db.query(
        `INSERT INTO night_settings (only_row, body, updated_at, updated_by) VALUES (true, $1, $2, $3)
         ON CONFLICT (only_row) DO UPDATE SET body = $1, updated_at = $2, updated_by = $3`,
        [JSON.stringify(settings), new Date(clock.nowMs()), staffId],
      )
      return settings
    },
  }
}
