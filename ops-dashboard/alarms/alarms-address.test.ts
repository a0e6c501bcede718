import { describe, expect, it } from 'vitest'
import { alarmsQuestion, readAlarmsView, writeAlarmsView } from './alarms-address.ts'

describe('the address of the inbox', () => {
  it.each(['', '?state=resolved', '?kind=silent&who=me', '?state=open&kind=forced&who=none'])(
    'says what %s shows',
    (search) => {
      expect(writeAlarmsView(readAlarmsView(search))).toBe(search)
    },
  )

  it('is read as the usual view where it says something unknown', () => {
    expect(readAlarmsView('?state=gone&kind=thunder&who=them')).toEqual({ state: 'live', kind: null, owner: 'all' })
  })

  it('asks for what waits worst first, and for what is over newest first', () => {
    expect(alarmsQuestion(readAlarmsView('?who=me'), null)).toBe(
      '/v1/staff/alarms?state=live&limit=60&sort=worst&assignee=me',
    )
    expect(alarmsQuestion(readAlarmsView('?state=resolved'), '0_1_x')).toContain('sort=newest&before=0_1_x')
  })
})
