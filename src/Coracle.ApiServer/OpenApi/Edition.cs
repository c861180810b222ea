namespace Coracle.ApiServer.OpenApi;

/// <summary>Which edition of OpenAPI a document is written in.</summary>
internal enum Edition { V2, V3 }
