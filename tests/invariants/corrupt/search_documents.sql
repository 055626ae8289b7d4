-- case: a document says something else than the product
update product.search_documents set name_key = 'another' where is_listed;

-- case: a product has no document
delete from product.search_documents where is_listed;
