import { unpack } from './bytes.ts';

/*
 * Small files that the libraries themselves wrote, deflated, in base64: PyTorch 2.15 with Python 3, NumPy, safetensors
 * 0.8. The state dict is `weight` [[1, -2], [0.5, 3]], `half` [1.5, -0.25] in bfloat16, `count` 7 in int64 and `view`,
 * the transpose of [[0, 1, 2], [3, 4, 5]].
 */
const PACKED = {
  // torch.save(state, file)
  stateDict:
    'pZVNTxNBGMen23ZbVy0FXwqo+B5KlNLdvqIozcbswTWx1Jc0XJqlXbobly7TTlv1hCGQ6AkPXo3fwpPIR1APxqgHEw/Ekx/AizO7' +
    'dNldpBWYZDJNO///85uZ53maF70+AIJBsGOEwQCQ6mVFbckTFQlJscVHmsCHwKxjLFHlsq5pchmpeq3B3K1X5LpcuaWWEQPBWAF6' +
    'okUam7VltaogSJWRji1jpSZStQZTqstzTVWrlJBca+j1UotjoDcaLQawooF3SlUZ+kwJI2i6hO6ZXzLQX/TgPXFIF714LS82YUD0' +
    'IRicEYFIidQqPIQXzypkniuE4jCCRwrwaBEfFSiSNg9DCo6jdLx5w5xNW/Z9hj0Lw0pApBDsN2xX4IDoWYHHTMvjCJ4owJNFP4mv' +
    'N2sIRhyed/Ra1fIbNPw4OIT9PAgOY7+xMdPnFIKnC/CMgdZS5TYcMW0U84gJeBZraATPEQYvOdp50SN6V+EFU38RwUsFeLkZy4uB' +
    '4McP75+9wDIy87u+bASw1svG5vX6goRKLbnewC8o8OOuB+4xWBL27e/vywSWzN3DDoPMdtit5y1JmlqtLcg1JPCJvUU2RzpJAKbb' +
    '8BeFQ1BdAfrBtAUw9wTJOklWgb++n7idoakIaTJhWLnxc4ikOt2VIQRuOqpqIi7w1w4AAMDSNLbdwBOvuRwhGV3/VAgbFdydJOkk' +
    'YQU+vmeSjemldRKz/aqikxT29YiZc8bkBH7qINc/G9hyJgyLnzd1EjTYg2HKyZAQ+CzY//2TYbxBjtw//oznG+MdImubLwfxD4Nd' +
    'efrAFYvHqsLR/wVKMEbdv64+6J3/I4DbLkDj6A25ruIKfCqR7l1SKwIf2+NNsPFMJpvmMtxkZnIym0qyaS7FctkMm0yzLMdm42wq' +
    'k0klEoRy7dvtd1HMETUoPQTW4rR3rvAOcvf/kFttb0ARh/KrB+zW69wm9iYy7DCZoUCXzuX2sTeCfofPJ5uP1YDccnv1hhzyh17g' +
    '6h1urb0Kndofbi3r1tqrx6m973NpObfWnulO7Re3NrHj5W252+fQKn7grgy32J5SI867ton/nex5kaavdkrDO24pGde6TJnrY7rT' +
    'amij6/zZYjD/9fy0qWGM/ebevw==',
  // torch.save(state, file, _use_new_zipfile_serialization=False)
  legacyStateDict:
    'bZLLbtNAFIbtseMUQ0tpuZVruVRyNlGcNK68aoRQN8PVbLxBVnCGeJDlybHHqUCqlE0j4BlYsOQpUF+HR0BiwRk7FKgy0syxj8/5' +
    'v9/HnpHPdvrry8HP7XffXmy1Z+TpDwPPI9CccF3TtEkupIhFGk1ZXnCRgY4F4So+SbmUKYtYNuLDDMjH0MakfD9hUcE/sAKMIzCd' +
    'sIHJIhG5hAYloYF3PJNgUTM0lYbIxtCkZlkiM0ZMymKJlMJ+no9YzkaPeSxt0FoB6E5oYcch4+NEAomlyOOkHZWSp4Ud5exNydNR' +
    'JFlWiDyadm0wHCdsKjpWDscMzLrFPkjFUL6qkzY0wjWs8Xu+73b3vJ7vdbxdsCqj8aRU3p5JWHlJNUoomcM5DPoc7E+J8nRewoUA' +
    'VqtXSYbpW1hLkJr8IT2qUK53Crv4F9bzu3tup+91YD1pUoKQSxXkGDaofgybNeCyhCsBXK2mGIsSJ3ftP8ITnN+p+vWz6ruuB1uo' +
    'rqP6DVRvtWrVmxJuBXC7sj3l7BDu1KJJ44yC2+934S4qWKiwrfwZagj3qE6NOdyv1R5IeBjAjvqCr9Vfs2Se+jJnZNkwjGUOTNZW' +
    'Vus128fjBDfGwUBfZJuLSBbxZH/23dL+XVXfQPXgNe6vg98=',
  // torch.save of an object whose __reduce__ returns (os.system, ('exit',))
  hostile:
    'C/BmZmFg4OBgwAACDEIMiUXJGZllqfopiSWJegXZOW5OfAxRKKCBKbkgvzizgqu4srgkNZerkCECaB5DakVmSSFjayFTUCGzXoA3' +
    'O8eZK5cvqgAlQDgAp53iQAizUy8tvyg3sSS+LLWoODM/z81JGM1qMDAEGb79/Z1mRqB2RryGSzGYIwwvLskvSkxPjU/MyUzPy03N' +
    'K3FzMsZmPiFgZgJygH154UsmoBVMeB0gyGAPd0BSZUlqflFKapGbkzU59sJATmZJSU4qyA2tto8l2YC2sOF1Az+DLdwN8JC1JN8F' +
    'xlwguy/OSw8l7H85BiNEBICSlH5xalEmMAaqEkuA7ojPTHFz0iPRKQZGlgYWJmYWZubm5mZGlkbGhgYmBgaGBsbmhiYGppZmhqZm' +
    'BkaGhgYgV3J/W1auAXSHBtiVjCDHwt2JnD4FMFyOng/QdSMnQHEUnSVIutFSNLohyIlICsWQi8iGYKRcdHOQE4IgijlBjAyYCRBd' +
    'O3Jc8qNov4akHYcfkINYDtVuJgYCkR/gzcamA0sqzLpwnWxo9GRGCP2DCUID9bGD6G4WCB9SCrCyQfSwgdVD1AIA',
  // torch.save(nn.Sequential(nn.Linear(2, 1)), file)
  wholeNetwork:
    'pVZPbNtUGHeSNg3ulv5Z17JudLANlsKa5k+bP/vTsmyEgbcuSzewkJDlOE6eVdfOZz83KigSCHUrHHbgxAFx4jIJDkhIHDggcePI' +
    'hRM3TkhI3DiBxHt+aWI7bQfbkxzL7/1+3/d7/n7fcypCZIjjYjFuYIxzk5xsKUjbUhfrMpaTrQ29XIpz7/jGB2EFmwSVNIzkpll3' +
    'dNVOKqaBZc1QLX5dBUc1sCbrPHDzH0KoA+GESJNhiyA0owmRXXGUPEst2ZI3VaxaNgx1YNgFSTWn0aAz0Q6MiCfpjGEaUotMaTYm' +
    'gfcAkq1iiCkSedZ0rBmSxJMZHp55F/gdGK3CEfGYG09WNtqyVZdalioh09yw4aiimLquKlgzDZu/bdVVS61f1xTCjs9XYUwc8xEZ' +
    'aRzRtQlxmq5pttRwdN2Pgck1MU5XG6blIR5ziVPi7MCS1NYwkmiApg3HXdi0eGoQJutteduWFJmIrsOMC3xWnPQC+5s74S7PinP7' +
    'LvtSnnShp8QJCrWxjFWpTt5CN9Bz7uqceDyw2k912kU8z3amm3J9f9gLLuwMK+YAzLT3Ep51ceeYDbrGghc78JIYIjMpOD9oO51Y' +
    'Trb4m+wGCeK3+Q68nECRXUQs9UpCjBJqW9WaCMOFLl9ysKbbvGSp1Dr1vg15WDgAQoxnm5a0leEhmUiIIySoTZByU4VFRuHLZGd4' +
    'nU3ykOpqTosRcldaDmSEMIbsHYETQkL4PiwJYSF0H5Y/djedw5CvQmHXfSg+gItVuCSSJuVqmmzDZbSASFq0iFjYNFxBGSGEYcUN' +
    'twOr9OdVFuoqhlIVrrFQ1x/Aa1UoO4h00+sohkhz3NiBN6rwJjrqAgTEfH0TTa4h5tRbiFlxDTGn3UbMUhXE/HIHMWdUEav/OmIF' +
    'votYAe8hUrO33A4nXdlQZexYpJBvC2HxCJkzHdyfFIWQU7OdWrIijMQefvXHjbtk0/SqHHhGzXDne2dUkvh7U8bSFj0dTKNcOhs4' +
    'qvYdaZrsuz9//Yi+S3odnGyWy/eTdStO2lFrGpvkKCqXsv8lX3DklqiA1Tb8HiYpwocKmOBWewJq21g16WFVLl16krx7Q9cw1lWq' +
    'YefKbydog0QP1RDnVnxfhcVUuXTxKQSc2f76+89zP65QBb+8/9MnNGXsMQou+xWky6XCEyv45u+pH2ju08PnbtEeGzo095inAj2f' +
    'PdX7z/I0+89fNO89vv5zXKZvQHfrtmqRb6v2nky/XpJWL5eS/1NMajmXTqcKy5lsLl3M5VPLmeJSaimVy6Xy2WI2lylkM/kiWaQq' +
    'v/3n0V8JoiPhqgxRsT2d3n4dH1Ae/B8RZHsbcMbH/HKIO6jDg0G8TTTrb5xh7pDODcbxNsKEL86nnji9BgzSvS6O++jTUS7QO0Gu' +
    '14V+7mdBbjrI9XpozMedGuGCrg2SvaWd8+/ZQ97fdBUhGr2wZ9HIQo8ZC9xHw+xe6E4QHv12ctd49sxO3+Eo48RcPMP+Cw==',
  // numpy.savez_compressed: `conv/kernel` [[0, 1, 2], [3, 4, 5]] as <f4 and `bias` [1.5, -2] as >f8
  npz:
    'C/BmZtFlYGDgAGJFBv+XDFr/oYCfQYQhOT+vTD87tSgvNUcvr6CSkUGAYQYDBIRC6dlvxF9JC5w8EXAsYO28SVFzYpbkLV2QNzlt' +
    '0brFC+ZNiw8JmjJDfH78lElcQuXeZzT9WLvE01XEljD9lHKz4jo2y4prK1cKsx6bQcYGdiE+B5YjvA57DjAyBKC4Kpx5qjzMVRxA' +
    'VyVlJhbDnDMB6gxfvM6ZnraQsHPAjhFh0Pstz5NQwOBkyAB0BiOTLjNq8ID8DQoDfgYEaGAEkWiBha4Z5AuQKydARRCapwFJmJ8C' +
    'vFnZQKJMQFgMpGXBRgMA',
  // safetensors.torch.save(state)
  safetensors:
    '+8AAAdVKyfmleSVKVtVKKSWVBalKVkqeZiZKOkrFGYkgXnSsjlJKYklifH5aWnFqSTFQxEDHIrZWR6ksM7UcWZubsRGSNmMdI0yd' +
    'FjrGRiCt5amZ6RkluDUbYdNsbKRjArY4IzEnDVmvk5uhGbJmTK0mFjqmQItrFRQU2BmQgYMDA0ODPRA7gDgMDAugfIYDQGwPkj9g' +
    '37APAA==',
} as const;

/** The bytes of one of these files. */
export function realFile(name: keyof typeof PACKED): Uint8Array<ArrayBuffer> {
  return unpack(PACKED[name]);
}

/** The values of the state dict, by name, in C order. */
export const STATE_VALUES = {
  weight: [1, -2, 0.5, 3],
  half: [1.5, -0.25],
  count: [7],
  view: [0, 3, 1, 4, 2, 5],
} as const;
