namespace Coracle.ApiServer.Published.Tests;

/// <summary>What gnostic's OpenAPIv2.proto and OpenAPIv3.proto say, written down from them apart from what the server uses.</summary>
internal static class GnosticFiles
{
    public static ProtoFile V2 { get; } = new("""
        AdditionalPropertiesItem: 1 schema Schema, 2 boolean bool
        Any: 2 yaml string
        ApiKeySecurity: 1 type string, 2 name string, 3 in string, 4 description string, 5 vendor_extension NamedAny*
        BodyParameter: 1 description string, 2 name string, 3 in string, 4 required bool, 5 schema Schema, 6 vendor_extension NamedAny*
        Definitions: 1 additional_properties NamedSchema*
        Document: 1 swagger string, 2 info Info, 5 schemes string*, 6 consumes string*, 7 produces string*, 8 paths Paths, 9 definitions Definitions, 10 parameters ParameterDefinitions, 12 security SecurityRequirement*, 13 securityDefinitions SecurityDefinitions
        Info: 1 title string, 2 version string, 3 description string
        ItemsItem: 1 schema Schema*
        JsonReference: 1 $ref string, 2 description string
        NamedAny: 1 name string, 2 value Any
        NamedParameter: 1 name string, 2 value Parameter
        NamedPathItem: 1 name string, 2 value PathItem
        NamedResponseValue: 1 name string, 2 value ResponseValue
        NamedSchema: 1 name string, 2 value Schema
        NamedSecurityDefinitionsItem: 1 name string, 2 value SecurityDefinitionsItem
        NamedStringArray: 1 name string, 2 value StringArray
        NonBodyParameter: 3 query_parameter_sub_schema QueryParameterSubSchema, 4 path_parameter_sub_schema PathParameterSubSchema
        Operation: 1 tags string*, 2 summary string, 3 description string, 5 operationId string, 6 produces string*, 7 consumes string*, 8 parameters ParametersItem*, 9 responses Responses, 10 schemes string*, 13 vendor_extension NamedAny*
        Parameter: 1 body_parameter BodyParameter, 2 non_body_parameter NonBodyParameter
        ParameterDefinitions: 1 additional_properties NamedParameter*
        ParametersItem: 1 parameter Parameter, 2 json_reference JsonReference
        PathItem: 2 get Operation, 3 put Operation, 4 post Operation, 5 delete Operation, 6 options Operation, 7 head Operation, 8 patch Operation, 9 parameters ParametersItem*
        PathParameterSubSchema: 1 required bool, 2 in string, 3 description string, 4 name string, 5 type string, 6 format string, 18 uniqueItems bool
        Paths: 2 path NamedPathItem*
        Properties: 1 additional_properties NamedSchema*
        QueryParameterSubSchema: 1 required bool, 2 in string, 3 description string, 4 name string, 6 type string, 7 format string, 20 uniqueItems bool
        Response: 1 description string, 2 schema SchemaItem
        ResponseValue: 1 response Response, 2 json_reference JsonReference
        Responses: 1 response_code NamedResponseValue*
        Schema: 1 $ref string, 2 format string, 3 title string, 4 description string, 5 default Any, 19 required string*, 21 additionalProperties AdditionalPropertiesItem, 22 type TypeItem, 23 items ItemsItem, 24 allOf Schema*, 25 properties Properties, 31 vendor_extension NamedAny*
        SchemaItem: 1 schema Schema
        SecurityDefinitions: 1 additional_properties NamedSecurityDefinitionsItem*
        SecurityDefinitionsItem: 2 api_key_security ApiKeySecurity
        SecurityRequirement: 1 additional_properties NamedStringArray*
        StringArray: 1 value string*
        TypeItem: 1 value string*
        """);

    public static ProtoFile V3 { get; } = new("""
        AdditionalPropertiesItem: 1 schema_or_reference SchemaOrReference, 2 boolean bool
        Any: 2 yaml string
        Components: 1 schemas SchemasOrReferences, 7 securitySchemes SecuritySchemesOrReferences
        DefaultType: 1 number double, 2 boolean bool, 3 string string
        Document: 1 openapi string, 2 info Info, 4 paths Paths, 5 components Components
        Info: 1 title string, 6 version string
        ItemsItem: 1 schema_or_reference SchemaOrReference*
        MediaType: 1 schema SchemaOrReference
        MediaTypes: 1 additional_properties NamedMediaType*
        NamedAny: 1 name string, 2 value Any
        NamedMediaType: 1 name string, 2 value MediaType
        NamedPathItem: 1 name string, 2 value PathItem
        NamedResponseOrReference: 1 name string, 2 value ResponseOrReference
        NamedSchemaOrReference: 1 name string, 2 value SchemaOrReference
        NamedSecuritySchemeOrReference: 1 name string, 2 value SecuritySchemeOrReference
        Operation: 1 tags string*, 3 description string, 5 operationId string, 6 parameters ParameterOrReference*, 7 requestBody RequestBodyOrReference, 8 responses Responses, 13 specification_extension NamedAny*
        Parameter: 1 name string, 2 in string, 3 description string, 4 required bool, 10 schema SchemaOrReference
        ParameterOrReference: 1 parameter Parameter, 2 reference Reference
        PathItem: 4 get Operation, 5 put Operation, 6 post Operation, 7 delete Operation, 8 options Operation, 9 head Operation, 10 patch Operation, 13 parameters ParameterOrReference*
        Paths: 1 path NamedPathItem*
        Properties: 1 additional_properties NamedSchemaOrReference*
        Reference: 1 $ref string
        RequestBody: 1 description string, 2 content MediaTypes, 3 required bool
        RequestBodyOrReference: 1 request_body RequestBody, 2 reference Reference
        Response: 1 description string, 3 content MediaTypes
        ResponseOrReference: 1 response Response, 2 reference Reference
        Responses: 2 response_or_reference NamedResponseOrReference*
        Schema: 20 uniqueItems bool, 23 required string*, 25 type string, 26 allOf SchemaOrReference*, 27 oneOf SchemaOrReference*, 30 items ItemsItem, 31 properties Properties, 32 additionalProperties AdditionalPropertiesItem, 33 default DefaultType, 34 description string, 35 format string, 36 specification_extension NamedAny*
        SchemaOrReference: 1 schema Schema, 2 reference Reference
        SchemasOrReferences: 1 additional_properties NamedSchemaOrReference*
        SecurityScheme: 1 type string, 2 description string, 3 name string, 4 in string
        SecuritySchemeOrReference: 1 security_scheme SecurityScheme, 2 reference Reference
        SecuritySchemesOrReferences: 1 additional_properties NamedSecuritySchemeOrReference*
        """);
}
