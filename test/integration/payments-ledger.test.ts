import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minor } from '../../contracts/units.ts'
import { captured, type JournalSubject, reversalOf, tripPriced } from '../../server/payments/core/ledger.ts'
import { accountBalance, currentPriceJournal, ledgerSums, post } from '../../server/payments/ledger-store.ts'
import { secureIds } from '../../server/platform/ids.ts'
import { openTestDatabase, type TestDatabase } from '../fixtures/test-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db?.close())

const made = { ids: secureIds, nowMs: Date.UTC(2026, 0, 1) }
const newSubject = (): JournalSubject => ({
  riderId: secureIds.uuid(),
  paymentId: secureIds.uuid(),
  tripId: secureIds.uuid(),
  provider: 'alipay',
  currency: 'CNY',
})
const postAll = (...journals: Parameters<typeof post>[1][]) =>
  db.transaction(async (tx) => {
    const posted: boolean[] = []
    for (const journal of journals) posted.push(await post(tx, journal, made))
    return posted
  })

describe('the ledger', () => {
  it('posts the same event once, however often it is told', async () => {
    const subject = newSubject()
    const price = tripPriced(subject, minor(450), 9, 'first')
    expect(await postAll(price, price)).toEqual([true, false])
    expect(await postAll(price, captured(subject, minor(450)))).toEqual([false, true])
    expect(await accountBalance(db, `rider:${subject.riderId}:receivable`, 'CNY')).toBe(0)
    expect(await ledgerSums(db)).toEqual([{ currency: 'CNY', sumMinor: 0 }])
  })

  it('knows the price that holds, and undoes it once', async () => {
    const subject = newSubject()
    await postAll(tripPriced(subject, minor(450), 9, 'first'))
    const first = (await currentPriceJournal(db, subject.paymentId))!
    await postAll(reversalOf(subject, first), tripPriced(subject, minor(150), 9, first.journalId))
    const second = (await currentPriceJournal(db, subject.paymentId))!
    expect(second.entries.map(({ amountMinor }) => amountMinor)).toEqual([150, -138, -12])
    const again = { ...reversalOf(subject, first), idemKey: 'another key' }
    await expect(postAll(again)).rejects.toMatchObject({ code: '23505' })
  })

  it('refuses in the database itself what does not sum to zero, is empty, or changes the past', async () => {
    const insertJournal = (id: string) =>
      `INSERT INTO journal (journal_id, idem_key, event, posted_at) VALUES ('${id}', '${id}', 'trip_priced', '2026-01-01')`
    const [empty, lopsided] = [secureIds.uuid(), secureIds.uuid()]
    await expect(db.transaction((tx) => tx.query(insertJournal(empty)))).rejects.toThrow('has no entries')
    const oneSided = db.transaction(async (tx) => {
      await tx.query(insertJournal(lopsided))
      await tx.query(
        `INSERT INTO entry (journal_id, line, account_id, amount_minor, currency)
         SELECT $1, 0, min(account_id), 5, 'CNY' FROM account`,
        [lopsided],
      )
    })
    await expect(oneSided).rejects.toThrow('does not sum to zero')
    await expect(db.query('UPDATE entry SET amount_minor = 1')).rejects.toThrow('append-only')
    await expect(db.query('DELETE FROM journal')).rejects.toThrow('append-only')
    await expect(db.query('TRUNCATE entry')).rejects.toThrow('append-only')
  })
})
