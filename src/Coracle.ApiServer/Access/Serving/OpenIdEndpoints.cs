namespace Coracle.ApiServer.Access;

/// <summary>Serves the documents by which others verify our tokens.</summary>
public static class OpenIdEndpoints
{
    /// <param name="tokens">The issuer and its keys.</param>
    /// <param name="address">"host:port" under which others reach the server.</param>
    public static Dictionary<string, Func<ApiRequest, ApiResponse>> All(ServiceAccountTokens tokens, string address)
    {
        var configuration = OpenIdDocuments.Configuration(tokens.Issuer, $"https://{address}{OpenIdDocuments.KeysPath}", tokens.Keys);
        var keys = OpenIdDocuments.Keys(tokens.Keys);
        return new()
        {
            [OpenIdDocuments.ConfigurationPath] = request => Answer(request, configuration, "application/json"),
            [OpenIdDocuments.KeysPath] = request => Answer(request, keys, OpenIdDocuments.KeysContentType),
        };
    }

    private static ApiResponse Answer(ApiRequest request, byte[] document, string contentType)
    {
        if (request.Method is not ("GET" or "HEAD"))
            return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var response = new ApiResponse { ContentType = contentType, Body = new BytesBody(document) };
        response.Headers.Add(new("Cache-Control", OpenIdDocuments.CacheControl));
        return response;
    }
}
