/**
 * Functions of the engine that analysts may not use: they read files, the machine or other tables, run what a text names,
 * wait, or cost more than any limit stops in time; or nobody has looked at them yet.
 */

/** By the engine's own categories. */
export const refusedFunctions: Readonly<Record<string, string>> = {
  AI: `
    AIClassify AIExtract AIGenerate AITranslate aiClassify aiEmbed aiExtract aiGenerate aiTranslate
  `,
  'Aggregate Functions': `
    aggThrow connection_id distinctDynamicTypes distinctJSONPaths distinctJSONPathsAndTypes estimateCompressionRatio
    flameGraph groupBitmap groupBitmapAnd groupBitmapOr groupBitmapXor groupFormat groupNumericIndexedVector nothing
    nothingNull nothingUInt64 quantilePrometheusHistogram quantilesPrometheusHistogram sequenceNextNode
    timeSeriesChangesToGrid timeSeriesDeltaToGrid timeSeriesDerivToGrid timeSeriesGroupArray
    timeSeriesIncreaseToGrid timeSeriesInstantDeltaToGrid timeSeriesInstantRateToGrid timeSeriesLastToGrid
    timeSeriesLastTwoSamples timeSeriesPredictLinearToGrid timeSeriesRateToGrid
    timeSeriesResampleToGridWithStaleness timeSeriesResetsToGrid
  `,
  Arrays: `
    arrayAUC arrayAUCPR arrayLevenshteinDistance arrayLevenshteinDistanceWeighted arrayNormalizedGini arrayPRAUC
    arrayPartialShuffle arrayROCAUC arrayRandomSample arrayReduce arrayReduceInRanges arrayShuffle arraySimilarity
    hasSubstr randomHadamardTransform replicate
  `,
  Bitmap: `
    bitmapAnd bitmapAndCardinality bitmapAndnot bitmapAndnotCardinality bitmapBuild bitmapCardinality bitmapContains
    bitmapHasAll bitmapHasAny bitmapMax bitmapMin bitmapOr bitmapOrCardinality bitmapSubsetInRange bitmapSubsetLimit
    bitmapToArray bitmapTransform bitmapXor bitmapXorCardinality subBitmap
  `,
  Comparison: `
    globalInIgnoreSet globalNotInIgnoreSet globalNotNullInIgnoreSet globalNullInIgnoreSet inIgnoreSet notInIgnoreSet
    notNullInIgnoreSet nullInIgnoreSet
  `,
  'Dates and Times': `
    localtime nowInBlock nowInBlock64 serverTimeZone serverTimezone
  `,
  Dictionary: `
    dictGet dictGetAll dictGetChildren dictGetDate dictGetDateOrDefault dictGetDateTime dictGetDateTimeOrDefault
    dictGetDescendants dictGetFloat32 dictGetFloat32OrDefault dictGetFloat64 dictGetFloat64OrDefault
    dictGetHierarchy dictGetIPv4 dictGetIPv4OrDefault dictGetIPv6 dictGetIPv6OrDefault dictGetInt16
    dictGetInt16OrDefault dictGetInt32 dictGetInt32OrDefault dictGetInt64 dictGetInt64OrDefault dictGetInt8
    dictGetInt8OrDefault dictGetKeys dictGetOrDefault dictGetOrNull dictGetRoot dictGetString dictGetStringOrDefault
    dictGetUInt16 dictGetUInt16OrDefault dictGetUInt32 dictGetUInt32OrDefault dictGetUInt64 dictGetUInt64OrDefault
    dictGetUInt8 dictGetUInt8OrDefault dictGetUUID dictGetUUIDOrDefault dictHas dictIsIn
  `,
  Distance: `
    L1Normalize L2DistanceTransposed L2DistanceTransposedQuantized L2Normalize L2SquaredDistance L2SquaredNorm
    LinfNormalize LpDistance LpNorm LpNormalize cosineDistanceTransposed cosineDistanceTransposedQuantized
    distanceCosineTransposed distanceL2Squared distanceL2Transposed distanceLp dotProductTransposed
    dotProductTransposedQuantized normL2Squared normLp normalizeL1 normalizeL2 normalizeLinf normalizeLp
    scalarProductTransposed
  `,
  'Embedded Dictionary': `
    regionHierarchy regionIn regionToArea regionToCity regionToContinent regionToCountry regionToDistrict
    regionToName regionToPopulation regionToTopContinent
  `,
  Encoding: `
    bitPositionsToArray bitmaskToArray bitmaskToList hilbertDecode hilbertEncode mortonDecode mortonEncode sqid
    sqidDecode sqidEncode
  `,
  Encryption: `
    HMAC aes_decrypt_mysql aes_encrypt_mysql decrypt encrypt tryDecrypt
  `,
  Geo: `
    MGRSToGeo MVTBoundingBox MVTBoundingBoxMercator SVG UTMToGeo WKB WKT areaCartesian areaSpherical geoToH3
    geoToMGRS geoToUTM geohashesInBox geometryIntersectCartesian geometryIntersectSpherical h3CellAreaM2
    h3CellAreaRads2 h3Distance h3EdgeAngle h3EdgeLengthKm h3EdgeLengthM h3ExactEdgeLengthKm h3ExactEdgeLengthM
    h3ExactEdgeLengthRads h3GetBaseCell h3GetDestinationIndexFromUnidirectionalEdge h3GetFaces
    h3GetIndexesFromUnidirectionalEdge h3GetOriginIndexFromUnidirectionalEdge h3GetPentagonIndexes h3GetRes0Indexes
    h3GetResolution h3GetUnidirectionalEdge h3GetUnidirectionalEdgeBoundary h3GetUnidirectionalEdgesFromHexagon
    h3HexAreaKm2 h3HexAreaM2 h3HexRing h3IndexesAreNeighbors h3IsPentagon h3IsResClassIII h3IsValid h3Line
    h3NumHexagons h3PointDistKm h3PointDistM h3PointDistRads h3PolygonToCells h3PolygonToCellsWithContainment
    h3ToCenterChild h3ToChildren h3ToGeo h3ToGeoBoundary h3ToParent h3ToString h3UnidirectionalEdgeIsValid h3kRing
    perimeterCartesian perimeterSpherical pointInEllipses polygonsIntersectCartesian polygonsIntersectSpherical
    readWKB readWKT readWkb readWkt stringToH3 svg wkb wkt
  `,
  'Geo Polygon': `
    MVTEncode MVTEncodeGeom ST_AsMVT ST_AsMVTGeom ST_LineFromWKB ST_MLineFromWKB ST_MPolyFromWKB ST_PointFromWKB
    ST_PolyFromWKB polygonAreaCartesian polygonAreaSpherical polygonConvexHullCartesian polygonPerimeterCartesian
    polygonPerimeterSpherical polygonsDistanceCartesian polygonsDistanceSpherical polygonsEqualsCartesian
    polygonsIntersectionCartesian polygonsIntersectionSpherical polygonsSymDifferenceCartesian
    polygonsSymDifferenceSpherical polygonsUnionCartesian polygonsUnionSpherical polygonsWithinCartesian
    polygonsWithinSpherical readWKBLineString readWKBMultiLineString readWKBMultiPolygon readWKBPoint readWKBPolygon
    readWKTLineString readWKTMultiLineString readWKTMultiPolygon readWKTPoint readWKTPolygon readWKTRing
  `,
  Hash: `
    MD4 RIPEMD160 SHA224 SHA384 SHA512 SHA512_256 URLHash farmFingerprint64 gccMurmurHash hiveHash icebergHash
    intHash32 javaHashUTF16LE kafkaMurmurHash keccak256 kostikConsistentHash metroHash64 murmurHash2_32
    murmurHash2_64 murmurHash3_128 murmurHash3_32 ngramMinHash ngramMinHashArg ngramMinHashArgCaseInsensitive
    ngramMinHashArgCaseInsensitiveUTF8 ngramMinHashArgUTF8 ngramMinHashCaseInsensitive
    ngramMinHashCaseInsensitiveUTF8 ngramMinHashUTF8 ngramSimHash ngramSimHashCaseInsensitive
    ngramSimHashCaseInsensitiveUTF8 ngramSimHashUTF8 sipHash128 sipHash128Keyed sipHash128Reference
    sipHash128ReferenceKeyed sipHash64Keyed wordShingleMinHash wordShingleMinHashArg
    wordShingleMinHashArgCaseInsensitive wordShingleMinHashArgCaseInsensitiveUTF8 wordShingleMinHashArgUTF8
    wordShingleMinHashCaseInsensitive wordShingleMinHashCaseInsensitiveUTF8 wordShingleMinHashUTF8
    wordShingleSimHash wordShingleSimHashCaseInsensitive wordShingleSimHashCaseInsensitiveUTF8
    wordShingleSimHashUTF8 wyHash64 xxHash32 xxHash64Spark xxh3_128 yandexConsistentHash
  `,
  Internal: `
    _CAST __actionName __applyFilter __bitBoolMaskAnd __bitBoolMaskOr __bitSwapLastTwo __bitWrapperFunc __getScalar
    __patchPartitionID __scalarSubqueryResult __toYearCalendarOnly nested validateNestedArraySizes
  `,
  Introspection: `
    addressToLine addressToLineWithInlines addressToSymbol demangle isMergeTreePartCoveredBy logTrace
    mergeTreePartInfo tid
  `,
  JSON: `
    JSONAllPaths JSONAllPathsWithTypes JSONAllValues JSONDynamicPaths JSONDynamicPathsWithTypes JSONMergePatch
    JSONSharedDataPaths JSONSharedDataPathsWithTypes dynamicElement dynamicType isDynamicElementInSharedData
    jsonMergePatch prettyPrintJSON
  `,
  'Machine Learning': `
    evalMLMethod naiveBayesClassifier naiveBayesClassifierWithAllProbs naiveBayesClassifierWithProb
    stochasticLinearRegression stochasticLogisticRegression
  `,
  Map: `
    mapPopulateSeries
  `,
  Mathematical: `
    isPrime isProbablePrime
  `,
  NumericIndexedVector: `
    numericIndexedVectorAllValueSum numericIndexedVectorBuild numericIndexedVectorCardinality
    numericIndexedVectorGetValue numericIndexedVectorPointwiseAdd numericIndexedVectorPointwiseDivide
    numericIndexedVectorPointwiseEqual numericIndexedVectorPointwiseGreater
    numericIndexedVectorPointwiseGreaterEqual numericIndexedVectorPointwiseLess
    numericIndexedVectorPointwiseLessEqual numericIndexedVectorPointwiseMultiply
    numericIndexedVectorPointwiseNotEqual numericIndexedVectorPointwiseSubtract numericIndexedVectorShortDebugString
    numericIndexedVectorToMap
  `,
  Other: `
    DATABASE FQDN MACNumToString MACStringToNum MACStringToOUI SCHEMA authUser authenticatedUser blockNumber
    blockSerializedSize blockSize buildId catboostEvaluate colorOKLABToSRGB colorOKLCHToSRGB colorSRGBToOKLAB
    colorSRGBToOKLCH connectionId currentDatabase currentProfiles currentQueryID currentRoles currentSchemas
    currentUser current_database current_query_id current_schemas current_user defaultProfiles defaultRoles
    defaultValueOfArgumentType defaultValueOfTypeName digits displayName dumpColumnStructure enabledProfiles
    enabledRoles errorCodeToName file filesystemAvailable filesystemCapacity filesystemUnreserved
    finalizeAggregation flipCoordinates formatQuery formatQueryOrNull formatQuerySingleLine
    formatQuerySingleLineOrNull fullHostName fuzzQuery generateRandomStructure generateSerialID getClientHTTPHeader
    getMacro getMaxTableNameLengthForDatabase getMergeTreeSetting getOSKernelVersion getServerPort getServerSetting
    getSetting getSettingOrDefault getSizeOfEnumType getSubcolumn getTypeSerializationStreams globalVariable
    hasColumnInTable hasThreadFuzzer highlightQuery hostName hostname icebergBucket icebergTruncate ignore indexHint
    initialQueryID initialQueryStartTime initial_query_id initial_query_start_time initializeAggregation isConstant
    joinGet joinGetOrNull lowCardinalityIndices lowCardinalityKeys neighbor normalizeQuery normalizeQueryKeepNames
    normalizedQueryHash normalizedQueryHashKeepNames obfuscateQuery obfuscateQueryWithSeed partitionID partitionId
    queryID query_id revision rowNumberInBlock runningAccumulate runningConcurrency runningDifference
    runningDifferenceStartingWithFirstValue serverUUID session_user shardCount shardNum showCertificate sleep
    sleepEachRow structureToCapnProtoSchema structureToProtobufSchema tcpPort throwIf toColumnTypeName tokenizeQuery
    transactionID transactionLatestSnapshot transactionOldestSnapshot uptime user variantElement variantType version
    zookeeperSessionUptime
  `,
  QBit: `
    dequantizeInt8ToBFloat16 quantizeBFloat16ToInt8
  `,
  'Random Number': `
    fuzzBits randBernoulli randBinomial randChiSquared randConstant randExponential randFisherF randLogNormal
    randNegativeBinomial randNormal randPoisson randStudentT randUniform randomFixedString randomPrintableASCII
    randomString randomStringUTF8
  `,
  String: `
    chdb compareSubstrings convertCharset sparseGrams sparseGramsHashes sparseGramsHashesUTF8 sparseGramsUTF8
  `,
  'String Search': `
    hasAllToken hasAllTokens hasAnyToken hasAnyTokens hasPhrase highlight matchPhrase multiFuzzyMatchAllIndices
    multiFuzzyMatchAny multiFuzzyMatchAnyIndex multiMatchAllIndices multiMatchAny multiMatchAnyIndex
  `,
  'String Splitting': `
    naiveBayesNgrams tokens tokensForLikePattern
  `,
  'Time Series': `
    timeSeriesCopyTag timeSeriesCopyTags timeSeriesExtractTag timeSeriesFromGrid timeSeriesGroupToSamplingKey
    timeSeriesGroupToTags timeSeriesIdToGroup timeSeriesIdToTags timeSeriesIdToTagsGroup timeSeriesJoinTags
    timeSeriesRange timeSeriesRemoveAllTagsExcept timeSeriesRemoveTag timeSeriesRemoveTags timeSeriesReplaceTag
    timeSeriesStoreTags timeSeriesTagsGroupToTags timeSeriesTagsToGroup timeSeriesThrowDuplicateSeriesIf
  `,
  'Time Window': `
    windowID
  `,
  'Type Conversion': `
    formatRow formatRowNoNewline reinterpret reinterpretAsDate reinterpretAsDateTime reinterpretAsFixedString
    reinterpretAsFloat32 reinterpretAsFloat64 reinterpretAsInt128 reinterpretAsInt16 reinterpretAsInt256
    reinterpretAsInt32 reinterpretAsInt64 reinterpretAsInt8 reinterpretAsString reinterpretAsUInt128
    reinterpretAsUInt16 reinterpretAsUInt256 reinterpretAsUInt32 reinterpretAsUInt64 reinterpretAsUInt8
    reinterpretAsUUID
  `,
  UUID: `
    UUIDNumToString UUIDStringToNum UUIDToNum dateTime64ToSnowflakeID dateTimeToSnowflakeID dateTimeToUUIDv7
    generateSnowflakeID generateUUIDv4 generateUUIDv7 snowflakeIDToDateTime snowflakeIDToDateTime64 toUUIDOrDefault
  `,
};
