import type { Logger } from 'pino'
import type { Language } from '../../contracts/http/riders.ts'
import type { CodeSender } from './code-sender.ts'

/** A gateway that takes longer has probably lost the message. */
const gatewayAnswerMs = 8_000

const texts: Readonly<Record<Language, (code: string) => string>> = {
  en: (code) => `${code} is your Zwerm code. It works for ten minutes. Never give it to anybody.`,
  nl: (code) => `${code} is je Zwerm-code. Hij werkt tien minuten. Geef hem aan niemand.`,
  zh: (code) => `您的 Zwerm 验证码是 ${code}，十分钟内有效，请勿告诉他人。`,
}

/**
 * Hands codes to the operator's own SMS or mail gateway: POST `url` with `{ to, text, code, language }`, any 2xx is yes.
 * A gateway that fails is logged, without address and code; the rider asks for another one.
 */
export function webhookSender(url: string, logger: Logger): CodeSender {
  return {
    send: async ({ to, code, language }) => {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ to, code, language, text: texts[language](code) }),
          signal: AbortSignal.timeout(gatewayAnswerMs),
        })
        if (!answer.ok) logger.error({ status: answer.status }, 'the gateway did not take a log-in code')
      } catch (error) {
        logger.error({ err: error }, 'the gateway for log-in codes does not answer')
      }
    },
  }
}
