import { describe, expect, it } from 'vitest'
import type { MorningReport } from '../../contracts/http/nights.ts'
import { epochMs } from '../../contracts/units.ts'
import { noReportPage, reportPage } from './report-page.ts'

const report: MorningReport = {
  night: '2026-11-21',
  depotId: 'depot-1',
  madeAt: epochMs(Date.parse('2026-11-22T05:30:00Z')),
  planId: '00000000-0000-7000-8000-000000000000',
  hotspots: [
    { name: 'Station <east>', capacity: 12, before: 2, planned: 9, stands: 7 },
    { name: 'Market', capacity: 8, before: 1, planned: 4, stands: 5 },
  ],
  vans: [
    {
      ...{ vanName: 'Van 1', crewName: 'Ada & Bo', stopsPlanned: 9, stopsDone: 8, bikesPlanned: 14, bikesMoved: 12 },
      ...{ plannedM: 21_400, drivenM: 23_050, hours: 5.25 },
    },
  ],
  bikes: { planned: 14, moved: 12, toWorkshop: 2, notFound: 1, blocked: 1, stillInVan: 0 },
  value: { planned: 31.2, won: 26.4 },
  expectedLost: { nothing: 40.1, planned: 22.5, now: 24.9 },
}
const at = { timeZone: 'Europe/Amsterdam', depotName: 'Depot North' }

describe('the page of a morning', () => {
  const page = reportPage(report, at)

  it('says what stands where, what is missing, and who drove', () => {
    expect(page).toContain('Depot North, the morning after 2026-11-21')
    expect(page).toContain('Seen at 22 Nov 2026, 06:30')
    expect(page).toMatch(/Station &lt;east&gt;<\/th><td>2<\/td><td>9<\/td><td>7 <span class="short">2 short<\/span>/)
    expect(page).toMatch(/Market<\/th><td>1<\/td><td>4<\/td><td>5<\/td>/)
    expect(page).toContain('<strong>12 of 14</strong> bikes moved')
    expect(page).toContain('Ada &amp; Bo')
    expect(page).toContain('23.1 km')
  })

  it('can be mailed: nothing is fetched and nothing runs', () => {
    for (const other of [page, noReportPage('2026-11-20')]) {
      expect(other).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/i)
      expect(other).toContain('prefers-color-scheme: dark')
    }
  })

  it('says so when there was no plan, and still shows what stands', () => {
    const bare = reportPage({ ...report, planId: null, vans: [] }, at)
    expect(bare).toContain('No plan was published for this night.')
    expect(bare).toMatch(/Market<\/th><td>5<\/td><td>8<\/td>/)
    expect(noReportPage('2026-11-20')).toContain('No report for the night of 2026-11-20')
  })
})
