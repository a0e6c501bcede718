import { type PaymentProvider, ProviderFault } from './payment-provider.ts'

const away = async (): Promise<never> => {
  throw new ProviderFault('invalid_request', 'no payment provider is configured')
}

/** What a platform without a payment provider has: every promise is refused, nothing else can happen. */
export const noProvider: PaymentProvider = {
  id: 'none',
  name: 'No payment provider',
  currencies: [],
  ways: [],
  hold: away,
  turned: (next) => next,
  capture: away,
  release: away,
  cancelHold: away,
  refund: away,
  fetch: away,
  fetchRefund: away,
  notification: () => {
    throw new ProviderFault('invalid_request', 'no payment provider is configured')
  },
  acknowledge: () => ({ status: 404, contentType: 'text/plain', body: 'failure' }),
}
