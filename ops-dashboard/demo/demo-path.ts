export const demoPath = '/v1/staff/demo'
