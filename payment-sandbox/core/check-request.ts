import { invalidArguments, missingArguments } from './answers.ts'
import { epochMsOfBeijingTime, epochMsOfUtcText } from './beijing-time.ts'
import type { Answer } from './records.ts'

/** The public parameters of a v1 gateway request, from the query and the form body together. */
export type PublicParameters = ReadonlyMap<string, string>

export interface RequestCheck {
  readonly appId: string
  readonly realNowMs: number
  /** The host's offset to UTC: Alipay's SDKs write the local time of the machine they run on. */
  readonly localOffsetMs: number
  /** RSA2 over the exact text to sign. */
  readonly verify: (text: string, signature: string) => boolean
}

export type CheckedRequest =
  | { readonly ok: true; readonly method: string; readonly biz: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly answer: Answer }

/** A request whose timestamp is further from now than this is refused. */
const timestampToleranceMs = 15 * 60_000

const known: ReadonlySet<string> = new Set([
  'app_id',
  'method',
  'format',
  'charset',
  'sign_type',
  'sign',
  'timestamp',
  'version',
  'notify_url',
  'return_url',
  'biz_content',
])

const required: readonly (readonly [parameter: string, subCode: string])[] = [
  ['method', 'isv.missing-method'],
  ['app_id', 'isv.missing-app-id'],
  ['charset', 'isv.missing-charset'],
  ['sign_type', 'isv.missing-signature-type'],
  ['sign', 'isv.missing-signature'],
  ['timestamp', 'isv.missing-timestamp'],
  ['version', 'isv.missing-version'],
]

/**
 * The checks that Alipay's gateway makes before any method runs, in its order: parameters there, app known, signature
 * good, time fresh, content readable. Nothing of the content is looked at before the signature is good.
 */
export function checkRequest(parameters: PublicParameters, check: RequestCheck): CheckedRequest {
  const get = (name: string): string => parameters.get(name) ?? ''
  for (const [parameter, subCode] of required) {
    if (get(parameter) === '') return no(missingArguments(subCode, `缺少${parameter}参数`))
  }
  if (get('app_id') !== check.appId) return no(invalidArguments('isv.invalid-app-id', '无效的AppID参数'))
  // RSA would select SHA-1: only RSA2 is taken.
  if (get('sign_type') !== 'RSA2') return no(invalidArguments('isv.invalid-signature-type', '无效的签名类型'))
  if (get('charset').toLowerCase() !== 'utf-8') return no(invalidArguments('isv.invalid-charset', '字符集错误'))
  const text = textToSign(parameters)
  if (!check.verify(text, get('sign'))) {
    const hint = `验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：${text.replaceAll('&', '&amp;')}`
    return no(invalidArguments('isv.invalid-signature', hint))
  }
  return checkSigned(parameters, check)
}

/** All parameters but `sign` that have a value, sorted by name, as `k=v` joined by `&`. */
function textToSign(parameters: PublicParameters): string {
  return [...parameters]
    .filter(([name, value]) => name !== 'sign' && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function checkSigned(parameters: PublicParameters, check: RequestCheck): CheckedRequest {
  const get = (name: string): string => parameters.get(name) ?? ''
  for (const name of parameters.keys()) {
    if (!known.has(name)) return no(invalidArguments('isv.invalid-parameter', `参数无效: ${name}`))
  }
  if (get('version') !== '1.0') return no(invalidArguments('isv.invalid-version', '接口版本参数无效'))
  if (!['', 'JSON', 'json'].includes(get('format'))) return no(invalidArguments('isv.invalid-format', '无效的数据格式'))
  if (!isFresh(get('timestamp'), check)) return no(invalidArguments('isv.invalid-timestamp', '非法的时间戳参数'))
  for (const name of ['notify_url', 'return_url']) {
    if (get(name) !== '' && !isWebUrl(get(name)))
      return no(invalidArguments('isv.invalid-parameter', `参数无效: ${name}`))
  }
  const biz = readObject(get('biz_content'))
  if (biz === undefined) return no(invalidArguments('isv.invalid-parameter', '参数无效: biz_content'))
  return { ok: true, method: get('method'), biz }
}

function isFresh(timestamp: string, check: RequestCheck): boolean {
  const asUtc = epochMsOfUtcText(timestamp)
  const inBeijing = epochMsOfBeijingTime(timestamp)
  if (asUtc === undefined || inBeijing === undefined) return false
  return [inBeijing, asUtc - check.localOffsetMs].some(
    (sentMs) => Math.abs(check.realNowMs - sentMs) <= timestampToleranceMs,
  )
}

function isWebUrl(text: string): boolean {
  if (text.length > 256 || !URL.canParse(text)) return false
  return ['http:', 'https:'].includes(new URL(text).protocol)
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function no(answer: Answer): CheckedRequest {
  return { ok: false, answer }
}
