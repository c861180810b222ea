using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>What of a request says who makes it.</summary>
public readonly record struct Credentials
{
    public Credentials()
    {
    }

    /// <summary>The certificate that the client showed in the TLS handshake, unverified. Give the same object for every request of a connection.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>What the client sent along with it.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];

    /// <summary>The request's headers, one pair for each value. Names in any case.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The request's path: requests without credentials may be limited to some.</summary>
    public string Path { get; init; } = "";

    internal string Header(string name)
    {
        for (var i = 0; i < Headers.Count; i++)
            if (Headers[i].Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                return Headers[i].Value;
        return "";
    }

    internal IEnumerable<string> AllHeaders(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    /// <summary>The headers whose names start with a prefix, by the rest of their names: in lower case and with %-escapes decoded.</summary>
    internal Dictionary<string, IReadOnlyList<string>> HeadersWith(string prefix)
    {
        var found = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (name, value) in Headers)
        {
            if (!name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var key = Unescape(name[prefix.Length..].ToLowerInvariant());
            found[key] = [.. found.GetValueOrDefault(key, []), value];
        }
        return found;
    }

    // Upstream takes a key whose escapes are broken as it stands.
    private static string Unescape(string key)
    {
        for (var i = key.IndexOf('%'); i >= 0; i = key.IndexOf('%', i + 1))
            if (i + 2 >= key.Length || !char.IsAsciiHexDigit(key[i + 1]) || !char.IsAsciiHexDigit(key[i + 2]))
                return key;
        return Uri.UnescapeDataString(key);
    }
}
