import { holdsItsContract } from '../../../test/contract'
import { textClass } from './class'

holdsItsContract(textClass)
