import appeals from '../nl/appeals.json'
import before from '../nl/before.json'
import frame from '../nl/frame.json'
import mine from '../nl/mine.json'
import noCoverage from '../nl/no-coverage.json'
import parking from '../nl/parking.json'
import refused from '../nl/refused.json'
import riding from '../nl/riding.json'
import taking from '../nl/taking.json'
import telling from '../nl/telling.json'
import virtual from '../nl/virtual.json'

/** The Dutch words of every screen behind the first page. */
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
