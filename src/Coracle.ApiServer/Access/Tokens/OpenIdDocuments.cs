using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>What other systems read to verify service account tokens by themselves (OpenID Connect discovery).</summary>
public static class OpenIdDocuments
{
    public const string ConfigurationPath = "/.well-known/openid-configuration";
    public const string KeysPath = "/openid/v1/jwks";
    public const string KeysContentType = "application/jwk-set+json";
    public const string CacheControl = "public, max-age=3600";

    /// <param name="issuer">The issuer of the tokens.</param>
    /// <param name="keysUri">Where the keys are served: "https://HOST:PORT/openid/v1/jwks".</param>
    /// <param name="keys">The keys that tokens are verified with.</param>
    public static byte[] Configuration(string issuer, string keysUri, IReadOnlyList<SigningKey> keys) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("issuer", issuer);
        writer.WriteString("jwks_uri", keysUri);
        WriteList(writer, "response_types_supported", ["id_token"]);
        WriteList(writer, "subject_types_supported", ["public"]);
        WriteList(writer, "id_token_signing_alg_values_supported", keys.Select(key => key.Algorithm).Distinct().Order(StringComparer.Ordinal));
        writer.WriteEndObject();
    });

    public static byte[] Keys(IReadOnlyList<SigningKey> keys) => Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        foreach (var key in keys)
            key.WriteJwk(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
