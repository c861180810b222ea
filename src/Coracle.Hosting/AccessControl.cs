using System.Security.Cryptography;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>Who may do what in one cluster: credentials, roles and what nodes' pods need, all following the cluster's own objects.</summary>
public sealed class AccessControl
{
    private readonly Authenticator _authenticator;
    private readonly Authorization _authorization;
    private readonly RequestIdentity _identity;
    private readonly NodeRestrictionAdmission _restriction;
    private readonly ServiceAccountTokens _tokens;
    private readonly ControlPlaneOptions _options;
    private readonly TrustedIssuers _issuers;
    private readonly AccessMetrics _metrics;
    private AccessFollower? _follower;

    public AccessControl(ControlPlaneOptions options)
    {
        _options = options;
        // Tests and simulations have no certificates; their tokens are signed by a key that lives as long as they do.
        var key = options.Pki?.ServiceAccountKey ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _tokens = new ServiceAccountTokens(new ServiceAccountTokenOptions
        {
            Issuer = $"https://kubernetes.default.svc.{options.ClusterDomain}", SigningKey = new SigningKey(key), Clock = options.Clock, Lookups = Lookups(),
        });
        _metrics = new AccessMetrics(options.Clock);
        _authorization = new Authorization(() => _follower!.Rbac, () => _follower!.Nodes);
        _issuers = new TrustedIssuers(options.Webhooks, options.Clock) { Algorithms = options.Access.IssuerAlgorithms ?? TrustedIssuers.AllAlgorithms, OnKeysFetched = _metrics.KeysFetched };
        var access = options.Access;
        if (access.Authentication is { } issuers) _issuers.Use(issuers);
        if (access.Authorization is { } authorizers) _authorization.Use(authorizers, options.Webhooks, options.Clock, _metrics);
        _authenticator = new Authenticator(new AuthenticatorOptions
        {
            Certificates = options.Pki is { } pki ? new CertificateAuthentication([pki.ClusterAuthority.Certificate.Certificate], options.Clock) : null,
            // Whoever has a certificate of this authority speaks for users: only our own proxy has one unless an administrator issues more.
            FrontProxy = options.Pki is { } keys ? new FrontProxyAuthentication([keys.FrontProxyAuthority.Certificate.Certificate], ["front-proxy-client"], options.Clock) : null,
            OtherProxy = access.FrontProxy,
            StaticTokens = options.StaticTokens,
            ServiceAccounts = _tokens,
            BootstrapTokens = new BootstrapTokens((ns, name) => _follower!.FindSecret(ns, name), options.Clock),
            IssuedTokens = _issuers.AuthenticateAsync,
            Webhook = access.TokenWebhook is { } webhook ? new TokenWebhook(webhook.Options(options, _tokens.ApiAudiences)).AuthenticateAsync : null,
            AllowAnonymous = access.Authentication?.AllowsAnonymous ?? access.AllowAnonymous, AnonymousPaths = access.Authentication?.AnonymousPaths ?? [],
        });
        _identity = new RequestIdentity(_authenticator, new Impersonation(_authorization.AuthorizeAsync));
        _restriction = new NodeRestrictionAdmission(_authorization.AuthorizeAsync);
    }

    /// <summary>Issuers that nobody else may claim to be.</summary>
    public static IReadOnlyList<string> OwnIssuers(string clusterDomain) => [$"https://kubernetes.default.svc.{clusterDomain}"];

    /// <summary>From now on these issuers are believed. Whether requests without credentials pass stays as it was at the start, as upstream.</summary>
    public void Use(AuthenticationSettings settings)
    {
        _issuers.Use(settings);
        _metrics.Reloaded("authentication", succeeded: true);
    }

    /// <summary>From now on these are asked.</summary>
    public void Use(AuthorizationSettings settings)
    {
        _authorization.Use(settings, _options.Webhooks, _options.Clock, _metrics);
        _metrics.Reloaded("authorization", succeeded: true);
    }

    /// <summary>A file that was to be read again is not good; what was in force stays.</summary>
    /// <param name="which">"authentication", "authorization" or "encryption".</param>
    public void ReloadFailed(string which) => _metrics.Reloaded(which, succeeded: false);

    /// <summary>Other keys are in force on disk.</summary>
    public void EncryptionReloaded() => _metrics.Reloaded("encryption", succeeded: true);

    internal string RenderMetrics() => _metrics.Render(_authorization.Chain);

    private TokenLookups Lookups() => new()
    {
        ServiceAccount = (ns, name) => _follower!.Lookups.ServiceAccount(ns, name),
        Pod = (ns, name) => _follower!.Lookups.Pod(ns, name),
        Secret = (ns, name) => _follower!.Lookups.Secret(ns, name),
        Node = name => _follower!.Lookups.Node(name),
    };

    /// <summary>Asked after all others.</summary>
    public IEnumerable<AdmissionPlugin> Admission => [_restriction, new GrantAdmission(_authorization.Grants), new ParameterAccess(_authorization.AuthorizeAsync)];

    public IEnumerable<KeyValuePair<GroupVersionKind, Func<RequestContext, ValueTask<ApiResponse>>>> Reviews => new CredentialReviews(_authenticator, _authorization).All;

    public IReadOnlyDictionary<string, Func<ApiRequest, ApiResponse>> Endpoints => OpenIdEndpoints.All(_tokens, _options.Advertised.ToString());

    internal KeyValuePair<string, Subresource> TokenSubresource(Func<string> newId) => new TokenSubresource(new TokenRequests(_tokens, new(), newId)).Entry;

    /// <summary>A token of an account that lives as long as a secret, in which it is kept.</summary>
    internal string SecretToken(Kinds.Core.V1.ServiceAccount account, Kinds.Core.V1.Secret secret) => _tokens.Issue(new TokenClaims
    {
        Audiences = _tokens.ApiAudiences, Subject = ServiceAccountName.UserName(account.Metadata.Namespace, account.Metadata.Name), Namespace = account.Metadata.Namespace,
        IssuedAt = _options.Clock.GetUtcNow().ToUnixTimeSeconds(), NotBefore = _options.Clock.GetUtcNow().ToUnixTimeSeconds(),
        ServiceAccount = new(account.Metadata.Name, account.Metadata.Uid), Secret = new(secret.Metadata.Name, secret.Metadata.Uid),
    });

    internal RequestIdentity Identity => _identity;
    internal ValueTask<Decision> Authorize(RequestAttributes request, CancellationToken cancel) => _authorization.AuthorizeAsync(request, cancel);

    internal void Follow(Server server) => _follower = new AccessFollower(server.Cache);

    /// <summary>Upstream's roles and bindings: what is missing is made, what an administrator added stays.</summary>
    internal static async Task BootstrapAsync(Client client, CancellationToken cancel)
    {
        await Task.WhenAll(
        [
            .. BootstrapPolicy.ClusterRoles().Select(role => Ensure(client, role, PolicyReconciliation.Reconcile, cancel)),
            .. BootstrapPolicy.ClusterRoleBindings().Select(binding => Ensure(client, binding, PolicyReconciliation.Reconcile, cancel)),
        ]);
    }

    /// <summary>Those in namespaces, once the namespaces are there.</summary>
    internal static async Task BootstrapNamespacesAsync(Client client, CancellationToken cancel)
    {
        await Task.WhenAll(
        [
            .. BootstrapPolicy.Roles().Select(role => Ensure(client, role, PolicyReconciliation.Reconcile, cancel)),
            .. BootstrapPolicy.RoleBindings().Select(binding => Ensure(client, binding, PolicyReconciliation.Reconcile, cancel)),
        ]);
    }

    private static async Task Ensure<T>(Client client, T expected, Func<T?, T, Reconciliation<T>> reconcile, CancellationToken cancel) where T : class, Kinds.Meta.V1.IKind<T>
    {
        var existing = await client.TryGetAsync<T>(Key.Of(expected), cancel);
        var (operation, obj) = reconcile(existing, expected);
        switch (operation)
        {
            case ReconcileOperation.Create: await client.CreateAsync(obj, cancel); break;
            case ReconcileOperation.Update: await client.UpdateAsync(obj, cancel); break;
            case ReconcileOperation.Recreate:
                await client.DeleteAsync<T>(Key.Of(obj), null, cancel);
                await client.CreateAsync(obj, cancel);
                break;
        }
    }
}
