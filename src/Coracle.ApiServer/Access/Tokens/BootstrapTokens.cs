using System.Security.Cryptography;
using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Tokens by which new nodes join: "id.secret", kept as secrets bootstrap-token-ID in kube-system (upstream: plugin/pkg/auth/authenticator/token/bootstrap).
/// </summary>
/// <param name="findSecret">A secret's type and decoded data by namespace and name; null when there is none, or it is being deleted.</param>
/// <param name="clock">For the tokens' expiration.</param>
public sealed class BootstrapTokens(Func<string, string, (string Type, IReadOnlyDictionary<string, string> Data)?> findSecret, TimeProvider clock)
{
    private const string DefaultGroup = "system:bootstrappers";

    public TokenOutcome Authenticate(string token)
    {
        // Six characters, a dot, sixteen characters.
        if (token.Length != 23 || token[6] != '.' || !IsPlain(token.AsSpan(0, 6)) || !IsPlain(token.AsSpan(7)))
            return TokenOutcome.Unknown;
        var (id, secret) = (token[..6], token[7..]);
        if (findSecret("kube-system", $"bootstrap-token-{id}") is not { } found || found.Type != "bootstrap.kubernetes.io/token")
            return TokenOutcome.Unknown;
        var data = found.Data;
        if (data.GetValueOrDefault("token-id") != id || !IsSame(data.GetValueOrDefault("token-secret", ""), secret) || IsExpired(data)
            || data.GetValueOrDefault("usage-bootstrap-authentication") != "true")
            return TokenOutcome.Unknown;
        var more = data.GetValueOrDefault("auth-extra-groups", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        // Only groups below the default one may be named: a token must not make its holder a master.
        if (more.Any(group => !IsGroup(group)))
            return TokenOutcome.Unknown;
        return new(TokenVerdict.Valid, new User { Name = $"system:bootstrap:{id}", Groups = [DefaultGroup, .. more.Distinct().Order(StringComparer.Ordinal)] });
    }

    private bool IsExpired(IReadOnlyDictionary<string, string> data) => data.TryGetValue("expiration", out var text)
        && (!DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var expiration)
            || expiration <= clock.GetUtcNow());

    private static bool IsSame(string expected, string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));

    /// <summary>"system:bootstrappers:" and then up to 256 lower case letters, digits, colons and dashes, the last of them a letter or digit.</summary>
    private static bool IsGroup(string group)
    {
        if (!group.StartsWith(DefaultGroup + ":", StringComparison.Ordinal)) return false;
        var rest = group.AsSpan(DefaultGroup.Length + 1);
        return rest.Length is > 0 and <= 256 && rest.IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789:-") < 0 && rest[^1] is not (':' or '-');
    }

    private static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c))
                return false;
        return true;
    }
}
