using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>An authentication configuration that has been found good: issuers, and whether requests without credentials pass.</summary>
public sealed class AuthenticationSettings
{
    private static readonly string[] Versions = ["v1", "v1beta1", "v1alpha1"];

    private AuthenticationSettings(IReadOnlyList<IssuerRules> issuers, AnonymousAuthConfig? anonymous) => (Issuers, Anonymous) = (issuers, anonymous);

    internal IReadOnlyList<IssuerRules> Issuers { get; }

    internal AnonymousAuthConfig? Anonymous { get; }

    /// <summary>Whether requests without credentials pass; null where nothing is said of it.</summary>
    public bool? AllowsAnonymous => Anonymous?.Enabled;

    /// <summary>The only paths on which they do; any when empty.</summary>
    public IReadOnlyList<string> AnonymousPaths => [.. (Anonymous?.Conditions ?? []).Select(condition => condition.Path)];

    /// <summary>Reads a configuration in YAML or JSON; null and what is wrong with it otherwise.</summary>
    /// <param name="text">The file.</param>
    /// <param name="ownIssuers">Issuers that nobody else may claim to be: our own, of service account tokens.</param>
    /// <param name="error">In upstream's words.</param>
    public static AuthenticationSettings? Parse(string text, IReadOnlyList<string> ownIssuers, out string error)
    {
        if (ConfigurationText.Read<AuthenticationConfiguration>(text, "AuthenticationConfiguration", Versions, out error) is not { } configuration) return null;
        return Check(configuration, ownIssuers, out error);
    }

    /// <summary>The same of a configuration that is there: that of the --oidc- flags.</summary>
    public static AuthenticationSettings? Check(AuthenticationConfiguration configuration, IReadOnlyList<string> ownIssuers, out string error)
    {
        var errors = new FieldErrors();
        var issuers = IssuerValidation.Check(configuration, ownIssuers, errors);
        error = errors.Count > 0 ? ConfigurationText.Aggregate(errors) : "";
        return errors.Count > 0 ? null : new(issuers, configuration.Anonymous);
    }
}
