using System.CommandLine;

namespace Coracle.Commands;

/// <summary>The flags of `coracle up` that say who is believed, who decides and what is encrypted: named and meant as kube-apiserver's.</summary>
internal static class AccessFlags
{
    private static readonly (string Name, bool IsFile, string Description)[] All =
    [
        ("--authentication-config", true, "An AuthenticationConfiguration: issuers of tokens, and where requests without credentials pass. Read again when it changes"),
        ("--authorization-config", true, "An AuthorizationConfiguration: who decides, in order. Read again when it changes"),
        ("--encryption-provider-config", true, "An EncryptionConfiguration: what is encrypted on disk, and how. Read again when it changes"),
        ("--token-auth-file", true, "Tokens and the users they stand for: lines of token,user,uid,\"group1,group2\""),
        ("--authentication-token-webhook-config-file", true, "A kubeconfig of somebody outside who knows tokens"),
        ("--authentication-token-webhook-version", false, "The version of what that one is sent: v1 or v1beta1 (the default)"),
        ("--authentication-token-webhook-cache-ttl", false, "How long its answers hold; 2m if not given"),
        ("--anonymous-auth", false, "Whether requests without credentials pass; true if not given"),
        ("--oidc-issuer-url", false, "An issuer of tokens, https only"),
        ("--oidc-client-id", false, "For whom its tokens have to be meant"),
        ("--oidc-ca-file", true, "Who may have signed the issuer's certificate"),
        ("--oidc-username-claim", false, "The claim that is the user's name; sub if not given"),
        ("--oidc-username-prefix", false, "Stands before it; - for nothing; the issuer and # if not given, but for email"),
        ("--oidc-groups-claim", false, "The claim that is the user's groups"),
        ("--oidc-groups-prefix", false, "Stands before each of them"),
        ("--oidc-required-claim", false, "claim=value pairs between commas that tokens must have"),
        ("--oidc-signing-algs", false, "What tokens may be signed with, between commas; RS256 if not given"),
        ("--requestheader-client-ca-file", true, "Who may have signed the certificate of a proxy that says whom it speaks for"),
        ("--requestheader-allowed-names", false, "The common names that such a proxy may have, between commas; any if not given"),
        ("--requestheader-username-headers", false, "Where it says the user's name; X-Remote-User if not given"),
        ("--requestheader-uid-headers", false, "Where it says the user's uid; X-Remote-Uid if not given"),
        ("--requestheader-group-headers", false, "Where it says the user's groups; X-Remote-Group if not given"),
        ("--requestheader-extra-headers-prefix", false, "How headers begin that say more of the user; X-Remote-Extra- if not given"),
        ("--audit-webhook-config-file", true, "A kubeconfig of somebody outside who gets what is audited"),
        ("--audit-webhook-batch-max-wait", false, "How long an event waits for others before it is sent there; 30s if not given"),
    ];

    public static IReadOnlyList<Option<string?>> Make() => [.. All.Select(flag => new Option<string?>(flag.Name) { Description = flag.Description })];

    /// <summary>What was given, files with their whole path.</summary>
    public static Dictionary<string, string> Read(ParseResult parsed, IReadOnlyList<Option<string?>> options)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < All.Length; i++)
            if (parsed.GetValue(options[i]) is { } value) given[All[i].Name] = All[i].IsFile ? Path.GetFullPath(value) : value;
        return given;
    }
}
