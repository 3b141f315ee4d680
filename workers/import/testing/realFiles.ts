import { inflateSync } from 'node:zlib';

/*
 * Files that Keras 3.15.1 wrote of one model: Conv2D(2, 3, relu), BatchNormalization, Flatten, Dense(2, softmax) on
 * images of 4 x 4 x 1, with random numbers of two decimals. Deflated, in base64.
 */
const ARCHIVE = [
  'eNrtXE1MG0cU3rUhWLQpREEiRGniuG1kmuD6B6hBAZMEAlVQ4jRURQ2RM9gL3mS9a3bXFIhQ00pVaVUJDj3QHqqq7YFeEGp74FBM',
  'lV5yIFIOlVJVOZRbDzlElVL1ls7sztjeZW3MTyAW84Q1nnlv5s2++Wbemxm84Qv2shpGp+PM918HmQ74DX32w0+CU0EMqMBzQ5HE',
  'W66bnAyUyCgnK7wkulqdroDH1+TxuU45XVCKiyhglIuhcr/X39zg8zX4Wzr8vlZvS2tjs2sybFBV+8/nR/58iWHQ5wVYEpXEIX4Y',
  'K0pIsZTAoZY0lUhBVACKEhFBQiu+wo2kOFHlgaDxtLqw/JaLCCgGAVUGvAgGtSZVOcWhDqvjSU6rsq6yzj4oGpYEPjqeR9uQIAE1',
  '4HdNQrbMDfOKyslcjDQgpgQBMpQ4QIXS4A0uqkZ4ZChfo7fZF2gONgab/Y1BL6ougHFoX8i7uqZnHsxb08G3xGRK7UVMU/8GgRqN',
  'R6Bi7VGv6h1p1P5813KMkHkA1M0kkBVUOAQEBVlKBsPD2rCSAqKWR2ojAtErJVUIC2hwLJnfGJBT/MOdk8RRf2cew0cRM/Z8DDHi',
  'DPGCqg+f/5SmTOSEiMJPaOYPnHIGkNUVVeZjnDbGPjwQSRCL8SLS6BoFAh/DUwpEhiQ5AVTtUeNAhK0p0OCKqvF5ASCLR2Q493Ib',
  'G5alVBI1DwtcIKryo5ocakTmhBSqm1K4yCAPlKyxcF95kUeTBvZYtrKcJ4dvYcZuQZIl9R2RR902GVLhNBDhyaBjB4xpZsBlUko1',
  'FRY2NnqALXb4PU6WFGNHC+vEZoICKQHIWCvuv9YfS442CLw6bs3FbcIuKBqKVVOTaxgFl5nBFC/EIjmG102dZxGY3NBcPIvWk4sI',
  'ktCgOqisZ4u+8IhmyRJah8EYj1DYgOZQQkpAX5JKwLzX09ICS7ikwgvalPJ6vF4kE4US2qDi51KiIPcxB6En3WmsDoNEYqtKL4nc',
  'hnQmpFG4jkUSHBB3+nGx6lE4vYAY5Xb4wbUBtpze+jBYrxioktW81+tYcZRxMRqXJRE2lOuTZQ5NtjUFkajAJ5O6Z8ENYIYJ09uw',
  'pPj1vw0uKeehE1M5Me+EznBLaO0o6Ll3zdKdnAjjOuuHjxFeCVk5BecvibSMUY4iDakJMEYDnR0PdDYcykDGSArAjZoeJGShv01x',
  'ThBOkmsZ6cKh0DZGVZqhE0le4HLqTOZsgd/8YfJa8vXEJx1dcLcNP9Voty3FOMHzPscPx1XFE2/6tKfz/P7Kw5VaBYeDKdOksvQU',
  'E6qfmyf86zhlcTqF0zkbKWc13iFcfgC3b5bre7urC0k/NRHR81e5njoYSnuRerrOhFHaj/MET3dtRjkYmSko1R1UFpcdm9TLMnYD',
  'fqsxft0VRvzr+GXy4pcSxW8ufsk6NlVuxptO4W3Se+XipU6WsWVW9alao54FnL9fZ+yX026U68H5ePneHD/it8x2eBGvLCxTztRA',
  '6yGPjvJ1LKvVqM7Y0GGwJ3K4UxVZG3efu9TLMriCSQ5R9qxZz5Nlbx9O9UNKhsHdYw7i1OKQRCsvw3zcBQZvghgyvCTVgvYcO1yv',
  'onOZEiVKlChRokSJEiVKlChR2izlOyc3n8+sd07ueFlP3dSke5LM54xBnD6uM8qR86J850PkPIic/5DzKOcG8Zs8rOdnjhSH3+rj',
  'GMd0KCl+mcxxKLNwxChH7nky59Nb1Kufk2dvP5MnCK51msX5RbcRnz2HjXJmvHtxebzVKDeD8wunjet1R8AoF8f5qaZS8WPW92X9',
  'Lj1/nSlyHXjVOP6U9vY6QPC0aHJAZH75GOO86djSOsBm5nf4qLHdMZyfddIxKkTE/5vttdn7MnTPRe7LbLg+myPAYg/AlukF5B7M',
  'bsKFzVSen39IKzvgPIbvypxMrYOp/QDzy2H/EN9ms7F6b3WE2tm7r1h7pP5nau+B6Y9ClQ++W26rfLe9fmA6fezjm+n57tWl+e4P',
  'l6fvPFn61/0wvTrxewiWtT26HEzXD1Slf3syl66Zr1i+t9Kbnr6Takdy5L6Y4H/RVVgvWZ/7X6OYN/pBMz51fLAsa8DZ1vEWP2Ed',
  'MU89V/aA2Gq/t7KylG+fYI6v1osPHp+k+wQaH6zdJ/zhfrb7hHzxbbBhY/HtgqfwfprS3sIvge3sycLxrR+nAVPc4t1kfOutN7bT',
  'j/NjJ+kYFRPfmu212fj2YE58a9/R+GHOUwrxQ+WDV04vHu0KkXMa0tvZhuLi0//eKCyXWc99heXIeu320/i0OHw5fKWAr5G2z9oZ',
  '5nZ65+zi9JeCXR5dXlxCttk5uwQDpWGXsdDA9LehfPsZ87ntevHgr0G6n6Hx4Nr9zFzT7uxnHK1W+xn6+xZKxeGXrGPxoBlvOm3v',
  '71uy+xmm2ajHjfM9QTpGxexnzPba7H6mImc/U8bk//8A8z3oen7y7xD1k3SdWesn75/eHT/pPWPlJwv8jvmssd+U9jZ+CZ5mQka5',
  'Z32v7W4z+WOcT4boGBXjJ8322qyfLM/xk+WW5zL6yTBrYw1+z2aKs7a+7/7mrDXCxnbV3uhOGibo3jr91Zd16E67fXXii/Z7K71t',
  't2rm4feflwembSEol16d6FuuH6hqDwR+ap/vBumRtspl8332zJnC+si67O6kWDf6vx07/+kqhfMfdB4NMfdL+AJrq7Hnf7spodva',
  'UxredWquan5babbqTcbw7tLcilbveMlWFKvWvvElfKF8nz5CduZHmD7sQ7n/AX87IKo=',
];
const OLD = [
  'eNrtHEtsE0d01wnBDYQmKp/QD7UMbUNFQ0IoJKVJDE2IqVIIhQJqqczE3sQr1rtmd50mIFRaqVLaSzj0QHuK2gunCKk95FAcRC89',
  'gMShEhx6gFsPHHpplRudr70zXjsb8iER8xJrPPPevpl5+96beW9n/W2853Bd7cu1CoJwWKlW6hUvPKEwcIavM/w5Wqq0HKfl9RBr',
  'X4NxjbS9nvKPVPEXnvy4txdVnghQGAhlEFYkPI8Q7z04gMozvDoof4R4uoyV0ozEF5o+nHYdj17GnrLfBqqvol6vV+JUfTcoG6FW',
  'ntds4CRGNNvRLRO2b1VVfGV9YQxhzk5qPMqsYn4x+j2M+Q2C5HnNTM3JZ42HT4gbVx3mQ+SRtMwhfVjB41Iq8mtYX+RXhdtrfO33',
  'YQ2p/6MEs9/4q6Rsl6r8XNvvDVofoGX76aXtl+lrfCuppxVmv+NU79dDO2lUDDCm2QkTZDRHqWgnKqlVUz7VPva8Fn5e8tRraBur',
  'Vwt2u6ai/SuB7T+M26t87fXqa9R/CfLp++BYv6rQDkT/BKGtufXd5lbiWwr9QXAtO5mmPqLgNyBciiYN4DhYktH3ItET2oWcZro6',
  'MKK7IlHih2D7pSgjcDgC1wa6CQYNhHLtnAabUu5YVsOXQF+Ww5go9raYIddZz0lIOmAZenKsTG9DhgXctj3RyxBta8O642q2lmIM',
  'zJxhIAxWBgc2fCZO54iZzbn9CC10MAjcZDrhpAEe62eI067IXvzf+rlnFoURwDYnC2wHNQ4Bw0FTtcHwsJbyNLBuddRtwmD9WlkX',
  'rjJQYpTyMhy0ONIPLHNkT08ZMSQRMrVyBD6kGy6R+J5duDMTLlqOfhHLsm1XpA2J0HFtPaXh29JKpZoFqZRuoh6jI8DQ8YxSwAWJ',
  'IcvOABdPNQ1MyM2B0nNcjNcNgMSXsIGreZkN21Yui9jDhihIuvoIpkNMbM3IoWtzjpYY1IFTFBYdq27qSIXhiG0/yTV78D5i7DMs',
  '23I/MXU0bEGQjoY1gigUVQQwisVA26ycKzRWFjaawAIH/KlmWw4/0Mp9UjFBgpwBbNorHT8ejy8G3wTdHfPHUp5wCA7WYldgWYLw',
  'M5NDyG6PIm2BcyX321+RiYGbIuXKsB8wqqN7/w7S3IyVgf40l4H1luaODtiiZR3dwIrc0tzSgmiSkAKLkg7ZSQLvDAY1aELLrCHD',
  'IJNZaKfHTG1efWasEeg9EhkNmMs9Xdr1CFRqYCa1ZZ44vsG+RkVug7+doov8rI1c44dxxsxk2rZMyMi7rNkasqOShkTS0LNZ4s8p',
  'A4oQdNrPkA9Dr+5qZlkzKmBXhsVWXKX85tejmXCv4N9liuFWxtxyUFfZWs6vo4415GbAqFxKl30pnfdiCREXcgBuzMlalygMj6yk',
  'aMM0mNONVILIsczO9/JlIU5aS0tqkIV4gpVYlT3xx0u09Fl+OX6Mnuxsi3lCMV55oUx8U0vrb9OyGJbs9ul6t2flIPTr6HXN87qe',
  'uX8U/xHYHux65IsxXR2l3xHsOuyqEd0GSr+59Doiwt1ILRTlRSHfVkpHNItljTeV0uFbStkpDRS/pRwdYVeIT9OqzJ0sJZw4eqxH',
  'xVkHApFqPg8Qp/V0jZRVkDyxKK+588RK4DzxCwHyrLMR+ZxE5llLn5P88wpPV/S7vL3HFuRH1hT07t5anu8Nmn+9R8cRYXRtPN0s',
  'rTfuI2UTbb96iKebpvUHPaRsYXnl4zzdKK1fO8E/fxg9ydNN0vqtUyvDj4jyKuar63C+mjzhKias55uv3uFxEnVs3xFmfdF9EK3X',
  'sn1NuLjXUfFfUb/YuM9tI/UrkYDPdd+Q/kr6q6K/Yn5hMsLTldv/M/ttfyp/Vdz3tG/j/YGoxxL8oZwfSEdJfXxHMD9w5i3e30t4',
  'vv0As+frO3g6FsCyAFgMxMXAWhX8ylx+IBbl/YCoxxLK+QFyzosJTqUege0/2PNjVlZBPMI0RF6ne5KIsiWsbPmykLcJY3woFFLJ',
  '/oDwq1Inm/x3DOMrMK4unqabbKlMz2YTf7MyHfOzN1or0zE/emvP6tar2vvb35/e1tt9ofO7Lrga5x8fn76Jvj8+Ptp9duIn+Pm6',
  'u/b+zzOdtae7dp6dyL/+zfn8VN+jm1N9X81M3P735n9Nf+UfXfyzG7Z1Pj7ent959sX87/9ez2+cWjtz905/fuJ2rgvRwU/X3Tt3',
  'UHkTdovo8z/+sBXx6np08XuI6++8tHEKfv915uxEqBvSQb4nZyC/rra2X7qm+kD+QmftDBovxP0mPYIECRIkSJCwGvaV11fFvnL5',
  '5HFDyoOTx/QqkUeZ87/7+NHOlY950OE/WwnPZz6G6VP7Pp5usZ8jsfyh+BxoPT25/7TPP0Q/0OhRbnTGYbOnvkEpn9eM7Sf1cx3B',
  '7Ohhp7QjaUdFO2L5oCsdPB07t1Q4d7Eo+adiXrNxv2Cfgh5LKLee+vuB+AFST3cG8wPtMekHpB8oXU/HO3k6dvyNHpdbpHMZnvNd',
  'B3g/IOqxhKBxBj3XVa3SuELhSrUk7pgL/7Rxya0m/xXjzJLKg+hVqLieHaxMz/SvqVvq0rOJX8M7V3P8OtA7v/j1Wlyut3K9LV1v',
  'Z3uWJ34Vzycudvy6xaPc6Ez9Jk+9vsK+VTlM9wHxYHY02S/tSNpRafwaE7Yb7L2dpYpfH/Ty9inqsYT5xa/hD+l+rD+YH5g9Kv2A',
  '9AOl62m8f3nj14dHeD8g6rGEoHEGCRvVkMrZdUiI1xYed9Tv9NeA0WcqDzF+jQ0Ei1///kjq0rOJXwdWdfxaT98vSnPxq1L+vRgJ',
  'cr31rLdM66dPiPpGYGCR+mX7Q/G9Of53BUvj14ZINx1jTNm7Ttn7hCY6mR8Iaid/n5Z2ImHhdvLw1NLaCYNy76Wx57ksLma/d+Fa',
  '2YShjWhGgv+l0sJ7Z0skJ2bX4nuui23X/wN2z/dC',
];
const WEIGHTS = [
  'eNrtW01ME0EUntlSaRqNNZIIxJ/151BiNNX6U41tQYutShSURA5NZNUaiFCCVFPx4E9iUr3Ugwf1ZPTiqTHRQw+yNXrhgIkHEzl4',
  'gJsHrhhuutt9U3aGdqktitj3Jc3rzLzuDG++eW/mzfIgEjq+xtnsJDocDlJHXMSMn4BUB19m7b0gKcgUyFcSq6f5tkaoXwfPF/W6',
  'z7a369o/BbB+puyGdBBELSLS3tapyx4oMz6NS7zeDeXaiC4HlJsx/RvjZWuF/VJi4/jrAv6663n+G/wlJfmLQP6a+cv8WMou8s1A',
  '5xL1e+70mRAlUsGrp+r5fhix5WZ+XLKN14tAuc9em/PH4pZoh9XgWSixkwbNenFlMKaXmyjN/8JVsKGDs6fTZGxqESfF+Sml9wTa',
  'sxut/VbPNt5vhY+d6aAEBiqOT8NIbPh6LJ7oVwaMMnO3q0BeGorf2HuZEDALWQ/yopK41HchPnRtUBnoH1US/UPxfH0dtAMNyZUB',
  'JZGIxQmjFZOXY/GRmMn+vWvRhyAQCAQCgUAgEAgEAlEpFsu7ezYZ0o2mqkmIeUsfyNZmXo/lgUrlfVieh+V1WJ5JrpCXrq2GxPsg',
  '5GWeDyAnN/J67D6okMeusl8jnz5/SyrvNmTh+VDu8/D8fC3k3cV8LaiTuTZeTz4K6y3E++HPh3m9OSg3+v+PuDO+k59XRG2vb3aP',
  'kRUCBls3ewi/HlqrWt+0sG4nhXWb3AzrV8Y5sgK7lxLtVel92SqTM5Xg99SkQMGz0zqjgt1H2QReSEJ96fbGfN06eQvcWclkg4Ns',
  'uA3tdm0werskSdQYmsFQGx3fXjzS9PxRe0fT94LOry9zfuf5QEs0rW65f1XNhKfHMuG7ufSH2bEf7m/q9OiXoFbnn+nyqS3RterH',
  '2VdqQ6Y+92miQ01/uB7Q9bRP4NPExJjz6/Yj2c3twWH/wwAhd9SZruyY/n2mKxmMpl8EdV2tW/156rOnTXpfgenRx9pvO/y3GjLa',
  '97e5aFrS9bR+u3NafwGv900gE1bUYb8zpz9fa3uHKwWBQCAQiGrPpVJh35rdZq3PzlWuXWg7MxbuK419HaWU2x9Wv0907eAzBAyp',
  'f8wexd83E/Mci53nn3uL/7WI2jzPF95H9fB6S52vK/Ue5Pd9RrmXlMffngMEVjcC+Tufh414eT0xH7UXpFfIM3h+K67P56OmPPxz',
  'HNCR24tzZAUWt0R7VZqPWm8KZra/um9oXBH7BnZPwkYZ2V/efvT5QWs95sdf+6z1mJ9+fwj3o+XxSl4h+9G/ZQ832oOzh2dFn1fE',
  '+9HF9nudrXhewf3ewvOKz78855UnbcXOK/j/pojy+Mv82FxQ5Bv4uyXd982fVx75+X6yUJ4M4hyVc14R7VXpeaXeRII6izgpvm+0',
  'WJxMhjFOop9ZGCd7Q8sTJ99HisVJi/ebT/LjRtQ2fxmf5DCv96ffM8uG+OdOsfUTxjkqJ06K9qo0TtpNwcxe9HxtZH6pRLm4Jwn7',
  'rOrP274dxRmWXFZ7i/fM8glrfeZXk6eQq8uTt0muiLzNLx+X2/0=',
];

function bytesOf(lines: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(inflateSync(Buffer.from(lines.join(''), 'base64')));
}

/** `.keras`, `.h5` and `.weights.h5` of the same model. */
export const realFiles = {
  archive: (): Uint8Array<ArrayBuffer> => bytesOf(ARCHIVE),
  old: (): Uint8Array<ArrayBuffer> => bytesOf(OLD),
  weights: (): Uint8Array<ArrayBuffer> => bytesOf(WEIGHTS),
};

/** Logits of the model for an image whose pixels are 0, 1/8, 2/8, … row by row, computed by Keras. */
export const REAL_LOGITS = [0.2261379510164261, 0.929609477519989];
