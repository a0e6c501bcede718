import type { Logger } from 'pino'
import type { Language } from '../../contracts/http/riders.ts'
import type { CodePurpose, CodeSender } from './code-sender.ts'

/** A gateway that takes longer has probably lost the message. */
const gatewayAnswerMs = 8_000

type Sentence = (code: string) => string
const texts: Readonly<Record<CodePurpose, Readonly<Record<Language, Sentence>>>> = {
  log_in: {
    en: (code) => `${code} is your Zwerm code. It works for ten minutes. Never give it to anybody.`,
    nl: (code) => `${code} is je Zwerm-code. Hij werkt tien minuten. Geef hem aan niemand.`,
    zh: (code) => `您的 Zwerm 验证码是 ${code}，十分钟内有效，请勿告诉他人。`,
  },
  copy: {
    en: (code) => `${code} makes a copy of your Zwerm data. Did you not ask for this? Then give it to nobody.`,
    nl: (code) =>
      `${code} maakt een kopie van je Zwerm-gegevens. Heb je hier niet om gevraagd? Geef hem dan aan niemand.`,
    zh: (code) => `验证码 ${code} 用于生成您的 Zwerm 数据副本。若非本人操作，请勿告诉任何人。`,
  },
  erase: {
    en: (code) => `${code} deletes your Zwerm account for good. Did you not ask for this? Then give it to nobody.`,
    nl: (code) =>
      `${code} verwijdert je Zwerm-account voorgoed. Heb je hier niet om gevraagd? Geef hem dan aan niemand.`,
    zh: (code) => `验证码 ${code} 将永久删除您的 Zwerm 账户。若非本人操作，请勿告诉任何人。`,
  },
}

/**
 * Hands codes to the operator's own SMS or mail gateway: POST `url` with `{ to, text, code, language }`, any 2xx is yes.
 * A gateway that fails is logged, without address and code; the rider asks for another one.
 */
export function webhookSender(url: string, logger: Logger): CodeSender {
  return {
    send: async ({ to, code, language, purpose }) => {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ to, code, language, text: texts[purpose][language](code) }),
          signal: AbortSignal.timeout(gatewayAnswerMs),
        })
        if (!answer.ok) logger.error({ status: answer.status }, 'the gateway did not take a log-in code')
      } catch (error) {
        logger.error({ err: error }, 'the gateway for log-in codes does not answer')
      }
    },
  }
}
