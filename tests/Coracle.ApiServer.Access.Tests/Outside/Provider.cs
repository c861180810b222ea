using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Access.Tests;

/// <summary>An issuer of tokens: what it serves by URL, and the key that it signs with at this moment.</summary>
internal sealed class Provider
{
    private int _keys;

    public Provider(string issuer = "https://issuer.example.com", string algorithm = "RS256")
    {
        (Issuer, Algorithm) = (issuer, algorithm);
        Rotate();
    }

    public string Issuer { get; }
    public string Algorithm { get; private set; }
    public AsymmetricAlgorithm Key { get; private set; } = null!;
    public string KeyId => $"key-{_keys}";
    public string KeysUrl => Issuer + "/keys";

    /// <summary>From now on it signs with another key, and serves that one alone.</summary>
    public void Rotate(string? algorithm = null)
    {
        Algorithm = algorithm ?? Algorithm;
        _keys++;
        Key = Algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        };
    }

    public string Configuration => $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{KeysUrl}}"}""";

    public string Keys
    {
        get
        {
            JsonObject key;
            if (Key is RSA rsa)
            {
                var parameters = rsa.ExportParameters(false);
                key = new() { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent) };
            }
            else
            {
                var point = ((ECDsa)Key).ExportParameters(false).Q;
                key = new() { ["kty"] = "EC", ["crv"] = $"P-{Key.KeySize}", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
            }
            key["kid"] = KeyId;
            key["use"] = "sig";
            return new JsonObject { ["keys"] = new JsonArray(key, new JsonObject { ["kty"] = "oct", ["k"] = "AAAA", ["kid"] = "shared" }) }.ToJsonString();
        }
    }

    /// <summary>A token with these claims, as JSON.</summary>
    public string Sign(string claims, string? algorithm = null)
    {
        var header = $$"""{"alg":"{{algorithm ?? Algorithm}}","kid":"{{KeyId}}"}""";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{signed}.{Base64Url.EncodeToString(Signature(Encoding.ASCII.GetBytes(signed)))}";
    }

    private byte[] Signature(byte[] data)
    {
        var hash = Algorithm[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return Key is RSA rsa
            ? rsa.SignData(data, hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : ((ECDsa)Key).SignData(data, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

/// <summary>The world outside as tests make it: what is got and posted at which URL, and how often.</summary>
internal sealed class World : WebhookTransport
{
    private readonly Dictionary<string, Func<WebhookCall, ValueTask<WebhookAnswer>>> _places = [];

    public List<WebhookCall> Calls { get; } = [];

    public World Serve(string url, Func<WebhookCall, ValueTask<WebhookAnswer>> answer)
    {
        _places[url] = answer;
        return this;
    }

    public World Serve(string url, Func<string> text, int status = 200) => Serve(url, _ => new(new WebhookAnswer(status, Encoding.UTF8.GetBytes(text()))));

    public World Serve(Provider provider) =>
        Serve(provider.Issuer + "/.well-known/openid-configuration", () => provider.Configuration).Serve(provider.KeysUrl, () => provider.Keys);

    public override ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel) => Answer(call);
    public override ValueTask<WebhookAnswer> GetAsync(WebhookCall call, CancellationToken cancel) => Answer(call);

    private ValueTask<WebhookAnswer> Answer(WebhookCall call)
    {
        Calls.Add(call);
        return _places.TryGetValue(call.Url.ToString(), out var place) ? place(call) : throw new WebhookException($"dial tcp: lookup {call.Url.Host}: no such host");
    }
}
