import { describe, expect, it } from 'vitest'
import { nameAct } from './name-act.ts'

describe('the name of an act', () => {
  it.each([
    ['bike.command', 'POST', '/v1/staff/bikes/:bikeId/commands', { bikeId: 'b1' }, 'bike.command:post bikes/commands'],
    ['self.manage', 'DELETE', '/v1/staff/sessions/current', {}, 'self.manage:delete sessions/current'],
    ['crew', 'PUT', '/v1/crew/photos/:photoId', { photoId: 'p1' }, 'crew:put crew/photos'],
  ])('%s %s %s', (permission, method, pattern, params, action) => {
    expect(nameAct(permission, method, pattern, params).action).toBe(action)
  })

  it('says whom it is about: the last parameter', () => {
    const params = { planId: 'p1', routeId: 'r1' }
    expect(nameAct('night.plan', 'POST', '/v1/staff/plans/:planId/routes/:routeId/away', params)).toMatchObject({
      subjectKind: 'route',
      subjectId: 'r1',
    })
    expect(nameAct('night.plan', 'POST', '/v1/staff/plans', {})).toMatchObject({ subjectKind: null, subjectId: null })
  })
})
