export const peoplePath = '/v1/staff/people'
