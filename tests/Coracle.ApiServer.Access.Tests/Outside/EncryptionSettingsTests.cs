namespace Coracle.ApiServer.Access.Tests;

public sealed class EncryptionSettingsTests
{
    private const string Key16 = "MDEyMzQ1Njc4OWFiY2RlZg==";
    private const string Key32 = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private const string Gcm = "{aesgcm: {keys: [{name: a, secret: '" + Key16 + "'}]}}";

    private static string Error(string resources)
    {
        EncryptionSettings.Parse($"{{apiVersion: apiserver.config.k8s.io/v1, kind: EncryptionConfiguration, resources: [{resources}]}}", out var error);
        return error;
    }

    [Theory]
    [InlineData("", "resources: Required value: at least one resources is required")]
    [InlineData("{resources: [], providers: [{identity: {}}]}", "resources[0].resources: Required value: at least one resources[0].resources is required")]
    [InlineData("{resources: [secrets], providers: []}", "resources[0].providers: Required value: at least one resources[0].providers is required")]
    [InlineData("{resources: [secrets], providers: [{}]}", "resources[0].providers[0]: Invalid value: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity")]
    [InlineData("{resources: [secrets], providers: [{identity: {}, aesgcm: {keys: []}}]}", "resources[0].providers[0]: Invalid value: more than one provider specified in a single element, should split into different list elements")]
    [InlineData("{resources: [secrets], providers: [{aesgcm: {keys: []}}]}", "resources[0].providers[0].aesgcm.keys: Required value: at least one keys is required")]
    [InlineData("{resources: [secrets], providers: [{aescbc: {keys: [{name: '', secret: '" + Key16 + "'}]}}]}", "resources[0].providers[0].aescbc.keys[0].name: Required value: name is a mandatory field for a key")]
    [InlineData("{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: '!'}]}}]}", "resources[0].providers[0].aesgcm.keys[0].secret: Invalid value: \"REDACTED\": secrets must be base64 encoded")]
    [InlineData("{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: '" + Key16 + "'}]}}]}", "resources[0].providers[0].secretbox.keys[0].secret: Invalid value: \"REDACTED\": secret is not of the expected length, got 16, expected one of [32]")]
    [InlineData("{resources: [secrets, secrets], providers: [" + Gcm + "]}", "resources[0].resources: Invalid value: [\"secrets\",\"secrets\"]: the same resource cannot be specified multiple times")]
    [InlineData("{resources: [secrets, '*.'], providers: [" + Gcm + "]}", "resources[0].resources: Invalid value: [\"secrets\",\"*.\"]: using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked")]
    [InlineData("{resources: [Secrets], providers: [" + Gcm + "]}", "resources[0].resources[0]: Invalid value: \"Secrets\": resource name should not contain capital letters")]
    [InlineData("{resources: ['*'], providers: [" + Gcm + "]}", "resources[0].resources[0]: Invalid value: \"*\": use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources")]
    [InlineData("{resources: ['pods.*'], providers: [" + Gcm + "]}", "resources[0].resources[0]: Invalid value: \"pods.*\": encrypting the same resource across groups is not supported")]
    [InlineData("{resources: ['*.'], providers: [" + Gcm + "]}, {resources: [secrets], providers: [" + Gcm + "]}", "resource \"secrets\" is masked by earlier rule \"*.\"")]
    [InlineData("{resources: ['*.*'], providers: [" + Gcm + "]}, {resources: [deployments.apps], providers: [" + Gcm + "]}", "resource \"deployments.apps\" is masked by earlier rule \"*.*\"")]
    [InlineData("{resources: [secrets], providers: [" + Gcm + "], provider: []}", "strict decoding error: unknown field \"resources[0].provider\"")]
    [InlineData("{resources: [secrets, deployments.apps], providers: [" + Gcm + "]}, {resources: ['*.*'], providers: [{identity: {}}]}", "")]
    public void What_is_wrong_is_told_in_upstreams_words_and_secrets_are_not(string resources, string error) => Assert.Equal(error, Error(resources));

    [Fact]
    public void Each_key_of_each_provider_opens_and_the_first_stores()
    {
        var rules = EncryptionSettings.Parse($$"""
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets, configmaps]
              providers:
              - secretbox: {keys: [{name: b, secret: "{{Key32}}"}]}
              - aesgcm: {keys: [{name: k2, secret: "{{Key16}}"}, {name: k1, secret: "{{Key32}}"}]}
              - identity: {}
            """, out var error)!;
        Assert.Equal("", error);
        Assert.Equal(["secrets", "configmaps"], rules.Select(rule => rule.Resource));
        Assert.Equal(["k8s:enc:secretbox:v1:b:", "k8s:enc:aesgcm:v1:k2:", "k8s:enc:aesgcm:v1:k1:", ""], rules[0].Transformers.Select(t => t.Prefix));
    }
}
