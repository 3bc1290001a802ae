/** What is on the shelf of one product. */
export interface Stock {
  onHand: number;
}

/**
 * The opening stock, by a rule over the product's id: plenty of everything, except that products whose id ends in 13
 * never arrived. Plenty is more than all real orders together want (37,873 pieces), so which orders are short depends on
 * what they order and never on when they arrive: of the 5,009 real orders the 80 that want one of the 12 products ending
 * in 13, together 84,473.2660 dollars.
 */
export const openingStock = (productId: string): Stock => ({ onHand: productId.endsWith('13') ? 0 : PLENTY });

const PLENTY = 1_000_000;
