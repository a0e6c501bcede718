import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

describe('the settings', () => {
  it('have defaults for everything that a first start needs', () => {
    const checked = readSettings({}, '/srv/zwerm')
    expect(checked).toMatchObject({
      ok: true,
      settings: { PORT: 8080, MQTT_PORT: 1883, DATA_DIR: '/srv/zwerm/data', CITY_SEED: 1 },
    })
  })
  it('name every wrong one in a sentence of its own', () => {
    const checked = readSettings(
      { PORT: '80800', DATABASE_URL: 'mysql://x', CITY_SPEED: 'fast', MQTT_PORT: '1884' },
      '/',
    )
    expect(checked.ok).toBe(false)
    if (checked.ok) return
    expect(checked.sentences).toHaveLength(3)
    expect(checked.sentences.join('\n')).toMatch(/PORT is "80800".*\n?/)
    expect(checked.sentences.some((s) => s.startsWith('DATABASE_URL is "mysql://x"'))).toBe(true)
    expect(checked.sentences.some((s) => s.startsWith('CITY_SPEED is "fast"'))).toBe(true)
  })
  it('may name a routing service and a road file, in a form that can be one', () => {
    const given = { OSRM_URL: 'https://router.example.org/osrm', ROAD_FILE: './data/streets/oslo.roads' }
    expect(readSettings(given, '/')).toMatchObject({ ok: true, settings: given })
    const wrong = readSettings({ OSRM_URL: 'https://me:secret@router.example.org', ROAD_FILE: 'oslo.osm.pbf' }, '/')
    expect(wrong).toMatchObject({ ok: false })
    if (wrong.ok) return
    expect(wrong.sentences).toHaveLength(2)
    expect(wrong.sentences.join(' ')).toContain('ROAD_FILE is "oslo.osm.pbf"')
    expect(wrong.sentences.join(' ')).not.toContain('secret')
  })
  it('know a time zone from a word', () => {
    expect(readSettings({}, '/')).toMatchObject({ ok: true, settings: { TIME_ZONE: 'Europe/Amsterdam' } })
    expect(readSettings({ TIME_ZONE: 'Asia/Shanghai' }, '/')).toMatchObject({
      settings: { TIME_ZONE: 'Asia/Shanghai' },
    })
    const wrong = readSettings({ TIME_ZONE: 'Middle/Earth' }, '/')
    expect(wrong).toMatchObject({ ok: false, sentences: [expect.stringMatching(/^TIME_ZONE is "Middle\/Earth"/)] })
  })
  it('take an empty value for one that was not given', () => {
    expect(readSettings({ DATABASE_URL: '  ', PORT: '' }, '/')).toMatchObject({ ok: true, settings: { PORT: 8080 } })
  })
})
