using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

public sealed record TokenWebhookOptions
{
    public required OutsideConnection Connection { get; init; }
    public required WebhookTransport Network { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>"v1" or "v1beta1".</summary>
    public string Version { get; init; } = "v1beta1";

    /// <summary>How long an answer holds.</summary>
    public TimeSpan CacheLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The audiences of the API server: what a token is good for when the webhook says nothing of it.</summary>
    public IReadOnlyList<string> ApiAudiences { get; init; } = [];
}

/// <summary>Asks somebody outside who a token stands for, by a TokenReview (upstream: plugin/pkg/authenticator/token/webhook).</summary>
public sealed class TokenWebhook(TokenWebhookOptions options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Two generations: an answer lives for one of them at least.
    private readonly BoundedCache<string, TokenOutcome> _known = new(4096, options.CacheLifetime / 2, options.Clock);

    public async ValueTask<TokenOutcome> AuthenticateAsync(string token, IReadOnlyList<string>? audiences, CancellationToken cancel)
    {
        var wanted = audiences is { Count: > 0 } ? audiences : options.ApiAudiences;
        var key = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{string.Join('\n', wanted)}\0{token}")));
        if (_known.TryGet(key, out var known)) return known;
        var outcome = await Ask(token, wanted, cancel);
        // What went wrong is not remembered: the next request asks again.
        if (outcome.Verdict != TokenVerdict.Invalid && options.CacheLifetime > TimeSpan.Zero) _known.Set(key, outcome);
        return outcome;
    }

    private async ValueTask<TokenOutcome> Ask(string token, IReadOnlyList<string> wanted, CancellationToken cancel)
    {
        var answer = await Outside.PostAsync(options.Network, options.Connection, Review(token, wanted), Patience, options.Clock, cancel);
        if (answer.Failed) return TokenOutcome.Invalid(answer.Error.Message);
        if (Decoder.DecodeTree(answer.Value.Span).Value is not JsonObject review || review["status"] is not JsonObject status) return TokenOutcome.Invalid("the webhook's answer is no TokenReview");
        if (status["authenticated"] is not JsonValue flag || !flag.TryGetValue<bool>(out var good) || !good)
            return Meta.Text(status, "error") is { Length: > 0 } error ? TokenOutcome.Invalid(error) : TokenOutcome.Unknown;
        var meant = Texts(status["audiences"]) is { Count: > 0 } said ? said : options.ApiAudiences;
        List<string> common = [.. wanted.Where(meant.Contains)];
        if (wanted.Count > 0 && common.Count == 0) return TokenOutcome.Unknown;
        return new TokenOutcome(TokenVerdict.Valid, UserOf(status["user"] as JsonObject ?? [])) { Audiences = common };
    }

    private static User UserOf(JsonObject user) => new()
    {
        Name = Meta.Text(user, "username"), Uid = Meta.Text(user, "uid"), Groups = Texts(user["groups"]),
        Extra = (user["extra"] as JsonObject ?? []).ToDictionary(e => e.Key, e => (IReadOnlyList<string>)Texts(e.Value)),
    };

    private static List<string> Texts(JsonNode? node) => [.. (node as JsonArray ?? []).Select(t => t?.ToString() ?? "")];

    private byte[] Review(string token, IReadOnlyList<string> audiences)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "TokenReview"u8);
            writer.WriteString("apiVersion"u8, $"authentication.k8s.io/{options.Version}");
            writer.WriteStartObject("metadata"u8);
            writer.WriteNull("creationTimestamp"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("spec"u8);
            writer.WriteString("token"u8, token);
            if (audiences.Count > 0)
            {
                writer.WriteStartArray("audiences"u8);
                foreach (var audience in audiences) writer.WriteStringValue(audience);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
            writer.WriteStartObject("status"u8);
            writer.WriteStartObject("user"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
