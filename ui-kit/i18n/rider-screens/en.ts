import appeals from '../en/appeals.json'
import before from '../en/before.json'
import frame from '../en/frame.json'
import mine from '../en/mine.json'
import noCoverage from '../en/no-coverage.json'
import parking from '../en/parking.json'
import refused from '../en/refused.json'
import riding from '../en/riding.json'
import taking from '../en/taking.json'
import telling from '../en/telling.json'
import virtual from '../en/virtual.json'

/** The English words of every screen behind the first page. */
export const words = {
  ...refused,
  ...taking,
  ...riding,
  ...mine,
  ...virtual,
  ...before,
  ...parking,
  ...telling,
  ...appeals,
  ...frame,
  ...noCoverage,
}
